package io.github.evertoken.test.server;

import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.jspecify.annotations.Nullable;

/**
 * The key with which a server signs. It is RSA, which every resource server takes without
 * being told, and made when it is needed first: that takes longer than all the rest of a
 * start. So all servers of a test run have one between them, each under a name of its
 * own, by which a resource server of one does not find that of another.
 */
final class ServerKey {

	private static final int BITS = 2048;

	private final String id = UUID.randomUUID().toString();

	private RSAKey key() {
		return new RSAKey.Builder(Holder.KEY).keyID(this.id).build();
	}

	/**
	 * Return the public key (RFC 7517, section 5).
	 */
	Map<String, Object> jwks() {
		return new JWKSet(key()).toJSONObject();
	}

	/**
	 * Return an access token with the claims of RFC 9068. Its type is plain {@code JWT},
	 * as most servers have it: resource servers have to be told to take another one.
	 * @param issuer who says so
	 * @param client the client that it is for
	 * @param subject on whose behalf
	 * @param scope the scope, empty for none
	 * @param audience who is to accept it, empty for nobody in particular
	 * @param issuedAt the time now
	 * @param expiresAt when it expires
	 * @param thumbprint of the key that it is bound to, or {@code null}
	 */
	String accessToken(String issuer, String client, String subject, String scope, String audience, Instant issuedAt,
			Instant expiresAt, @Nullable String thumbprint) {
		JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().issuer(issuer)
			.subject(subject)
			.claim("client_id", client)
			.issueTime(Date.from(issuedAt))
			.expirationTime(Date.from(expiresAt))
			.jwtID(UUID.randomUUID().toString());
		if (!scope.isEmpty()) {
			claims.claim("scope", scope);
		}
		if (!audience.isEmpty()) {
			claims.audience(audience);
		}
		if (thumbprint != null) {
			claims.claim("cnf", Map.of("jkt", thumbprint));
		}
		RSAKey key = key();
		SignedJWT jwt = new SignedJWT(
				new JWSHeader.Builder(JWSAlgorithm.RS256).type(JOSEObjectType.JWT).keyID(key.getKeyID()).build(),
				claims.build());
		try {
			jwt.sign(new RSASSASigner(key));
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
		return jwt.serialize();
	}

	/**
	 * Made with its first use.
	 */
	private static final class Holder {

		private static final RSAKey KEY = generate();

		private static RSAKey generate() {
			try {
				return new RSAKeyGenerator(BITS).keyUse(KeyUse.SIGNATURE).algorithm(JWSAlgorithm.RS256).generate();
			}
			catch (JOSEException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
