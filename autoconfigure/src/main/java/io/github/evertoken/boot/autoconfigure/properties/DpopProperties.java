package io.github.evertoken.boot.autoconfigure.properties;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether tokens are bound to a key (DPoP, RFC 9449), and to which. A plain {@code true}
 * or {@code false} in its place says the first alone.
 *
 * @param enabled Whether tokens are bound to a key, and each request shows that the
 * client holds it. The short form dpop: true stands alone, without the other properties.
 * @param algorithm Algorithm of the proofs: ES256, ES384 or ES512; RS256, PS256 and the
 * like with an RSA key; EdDSA or Ed25519 with an Ed25519 key. By default the first that
 * fits the key, and ES256 for a generated one.
 * @param keyLocation Location of a file with the key, such as file:/run/secrets/dpop.pem:
 * a JWK, or PEM with the public key or the certificate beside the private one, which only
 * an RSA key does without. It is EC (P-256, P-384, P-521), Ed25519 or RSA. By default
 * each instance generates a key of its own.
 * @param keyPassword Password of an encrypted private key.
 * @since 0.1.0
 */
public record DpopProperties(@DefaultValue("false") boolean enabled, @Nullable String algorithm,
		@Nullable String keyLocation, @Nullable String keyPassword) {

	/**
	 * Read what stands in place of these properties. Spring's conversion finds this
	 * method by its name.
	 * @param enabled {@code true} or {@code false}
	 * @return the properties
	 * @throws IllegalArgumentException if it is neither
	 */
	public static DpopProperties of(String enabled) {
		return switch (enabled.strip().toLowerCase(Locale.ROOT)) {
			case "true" -> of(Boolean.TRUE);
			case "false" -> of(Boolean.FALSE);
			default -> throw new IllegalArgumentException("must be 'true' or 'false'");
		};
	}

	/**
	 * Read what stands in place of these properties. Spring's conversion finds this
	 * method by its name.
	 * @param enabled whether tokens are bound to a key
	 * @return the properties
	 */
	public static DpopProperties of(Boolean enabled) {
		return new DpopProperties(enabled, null, null, null);
	}

	/**
	 * Without the password of the key, and without its location, where somebody may have
	 * written the key itself.
	 */
	@Override
	public String toString() {
		return "DpopProperties[enabled=" + this.enabled + ", algorithm=" + this.algorithm + "]";
	}

}
