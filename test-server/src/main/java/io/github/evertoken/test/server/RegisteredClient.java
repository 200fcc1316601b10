package io.github.evertoken.test.server;

import java.security.PublicKey;

import com.nimbusds.jwt.SignedJWT;
import org.jspecify.annotations.Nullable;

/**
 * A client that is registered at the server.
 *
 * @param id its identifier
 * @param secret its secret, or {@code null} for none
 * @param key the key with which it signs, or {@code null} for none
 */
record RegisteredClient(String id, @Nullable String secret, @Nullable PublicKey key) {

	/**
	 * A client without anything to prove who it is with (RFC 6749, section 2.1).
	 */
	boolean isPublic() {
		return this.secret == null && this.key == null;
	}

	boolean hasSigned(SignedJWT jwt) {
		return (this.key != null && Signatures.isGood(jwt, this.key))
				|| (this.secret != null && Signatures.isGood(jwt, this.secret));
	}

	@Override
	public String toString() {
		return "RegisteredClient[" + this.id + "]";
	}

}
