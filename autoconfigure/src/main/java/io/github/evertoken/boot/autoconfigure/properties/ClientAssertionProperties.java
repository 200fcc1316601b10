package io.github.evertoken.boot.autoconfigure.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The JWT with which a client proves who it is (RFC 7523, section 2.2): one that it signs
 * itself, or one that it finds in a file.
 *
 * @param algorithm Algorithm of the signature (RFC 7518): HS256, HS384 or HS512 with a
 * secret; RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 or EdDSA with a
 * key. By default the first that fits: HS256 for a secret, and RS256, ES256, ES384, ES512
 * or EdDSA for a key.
 * @param key Private key, as PEM or as a JWK.
 * @param keyLocation Location of a file with the private key, such as
 * file:/run/secrets/orders.pem. It is read at the start, and again when the token
 * endpoint refuses the client.
 * @param keyPassword Password of an encrypted private key.
 * @param keyId Name under which the authorization server knows the key (kid). By default,
 * that of the JWK.
 * @param sslBundle SSL bundle with the private key and its certificate.
 * @param keyAlias Where the key is in the key store of the SSL bundle, unless the bundle
 * says so or has only one.
 * @param audience Whom the JWT is for: issuer, token-endpoint, requested-endpoint, or an
 * identifier of the authorization server as it is. The token-endpoint is its URL,
 * whichever endpoint is asked; the requested-endpoint is the URL of the one that is
 * asked, such as the revocation endpoint. By default the issuer, and the token endpoint
 * if none is configured.
 * @param lifetime How long a JWT is valid that the client signs, up to an hour. There is
 * one for each request.
 * @param location Location of a file with a JWT that somebody else has signed, such as
 * file:/var/run/secrets/tokens/idp. It is read for each request.
 * @param type What the JWT in the file is sent as (client_assertion_type). By default
 * urn:ietf:params:oauth:client-assertion-type:jwt-bearer.
 * @since 0.1.0
 */
public record ClientAssertionProperties(@Nullable String algorithm, @Nullable String key, @Nullable String keyLocation,
		@Nullable String keyPassword, @Nullable String keyId, @Nullable String sslBundle, @Nullable String keyAlias,
		@Nullable String audience, @DefaultValue(DEFAULT_LIFETIME) Duration lifetime, @Nullable String location,
		@Nullable String type) implements SignedJwtProperties {

	/**
	 * Without the key, its password, and locations, where somebody may have written a
	 * secret itself.
	 */
	@Override
	public String toString() {
		return "ClientAssertionProperties[algorithm=" + this.algorithm + ", keyId=" + this.keyId + ", sslBundle="
				+ this.sslBundle + "]";
	}

}
