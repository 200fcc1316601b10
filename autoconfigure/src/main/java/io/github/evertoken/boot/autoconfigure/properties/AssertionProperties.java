package io.github.evertoken.boot.autoconfigure.properties;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The JWT that a jwt-bearer client signs itself and shows as its grant (RFC 7523, section
 * 2.1).
 *
 * @param algorithm Algorithm of the signature (RFC 7518): HS256, HS384 or HS512 with a
 * secret; RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 or EdDSA with a
 * key. By default the first that fits: HS256 for a secret, and RS256, ES256, ES384, ES512
 * or EdDSA for a key.
 * @param key Private key, as PEM or as a JWK. With any property of the assertion, a jwt-
 * bearer client signs it itself; without one it shows the subject token.
 * @param keyLocation Location of a file with the private key, such as
 * file:/run/secrets/orders.pem. It is read for each token request.
 * @param keyPassword Password of an encrypted private key.
 * @param keyId Name under which the authorization server knows the key (kid). By default,
 * that of the JWK.
 * @param sslBundle SSL bundle with the private key and its certificate.
 * @param keyAlias Where the key is in the key store of the SSL bundle, unless the bundle
 * says so or has only one.
 * @param audience Whom the JWT is for: issuer, token-endpoint, requested-endpoint, or an
 * identifier of the authorization server as it is. By default the issuer, and the token
 * endpoint if none is configured.
 * @param lifetime How long a JWT is valid that the client signs, up to an hour. There is
 * one for each request.
 * @param issuer Who signs the JWT (iss), such as the name of a service account. By
 * default the client's identifier.
 * @param subject On whose behalf the service's own token is granted (sub). By default the
 * issuer's. The token of a subject is granted on that of the subject.
 * @param claims Further claims of the JWT, such as a scope that has to stand in it.
 * @since 0.1.0
 */
public record AssertionProperties(@Nullable String algorithm, @Nullable String key, @Nullable String keyLocation,
		@Nullable String keyPassword, @Nullable String keyId, @Nullable String sslBundle, @Nullable String keyAlias,
		@Nullable String audience, @DefaultValue(DEFAULT_LIFETIME) Duration lifetime, @Nullable String issuer,
		@Nullable String subject, @DefaultValue Map<String, String> claims) implements SignedJwtProperties {

	/**
	 * Take a copy of the claims.
	 */
	public AssertionProperties {
		claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
	}

	/**
	 * Without the key, its password, the claims, and the location, where somebody may
	 * have written the key itself.
	 */
	@Override
	public String toString() {
		return "AssertionProperties[algorithm=" + this.algorithm + ", keyId=" + this.keyId + ", sslBundle="
				+ this.sslBundle + ", issuer=" + this.issuer + ", subject=" + this.subject + "]";
	}

}
