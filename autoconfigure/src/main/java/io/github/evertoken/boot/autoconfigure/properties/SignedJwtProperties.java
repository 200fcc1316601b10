package io.github.evertoken.boot.autoconfigure.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A JWT that a client signs (RFC 7523, section 3).
 *
 * @since 0.1.0
 */
public sealed interface SignedJwtProperties permits ClientAssertionProperties, AssertionProperties {

	/**
	 * How long a JWT is valid unless its property says otherwise.
	 */
	String DEFAULT_LIFETIME = "60s";

	/**
	 * Algorithm of the signature, such as PS256. By default, the first that fits: HS256
	 * for a secret, and RS256, ES256, ES384, ES512 or EdDSA for a key.
	 * @return the value of the property, or {@code null}
	 */
	@Nullable String algorithm();

	/**
	 * Private key, as PEM or as a JWK.
	 * @return the value of the property, or {@code null}
	 */
	@Nullable String key();

	/**
	 * Location of a file with the private key, such as file:/run/secrets/orders.pem. It
	 * may be replaced while the application runs.
	 * @return the value of the property, or {@code null}
	 */
	@Nullable String keyLocation();

	/**
	 * Password of an encrypted private key.
	 * @return the value of the property, or {@code null}
	 */
	@Nullable String keyPassword();

	/**
	 * Name under which the authorization server knows the key (kid). By default, that of
	 * the JWK.
	 * @return the value of the property, or {@code null}
	 */
	@Nullable String keyId();

	/**
	 * SSL bundle with the private key and its certificate.
	 * @return the value of the property, or {@code null}
	 */
	@Nullable String sslBundle();

	/**
	 * Where the key is in the key store of the SSL bundle, unless the bundle says so or
	 * has only one.
	 * @return the value of the property, or {@code null}
	 */
	@Nullable String keyAlias();

	/**
	 * Whom the JWT is for: issuer, token-endpoint, or an identifier of the authorization
	 * server as it is. By default the issuer, and the token endpoint if none is
	 * configured.
	 * @return the value of the property, or {@code null}
	 */
	@Nullable String audience();

	/**
	 * How long a JWT is valid that the client signs. There is one for each request.
	 * @return the value of the property
	 */
	Duration lifetime();

}
