package io.github.evertoken.boot.autoconfigure.credential;

import java.util.Objects;

import io.github.evertoken.authentication.CredentialFile;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.DpopProperties;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.jose.SigningKey;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Finds the key to which a client's tokens are bound. A configured one is read once: with
 * another, the tokens that are held would be of no use.
 */
final class DpopProofsFactory {

	private static final String PREFIX = "dpop.";

	private final CredentialFileLocator files;

	DpopProofsFactory(CredentialFileLocator files) {
		this.files = files;
	}

	/**
	 * Return what makes the proofs of one client.
	 * @return the proofs, or {@code null} if its tokens are bearer tokens or something is
	 * wrong
	 */
	@Nullable DpopProofs of(ClientProperties client, ConfigurationProblems.OfClient problems) {
		DpopProperties dpop = client.dpop();
		requireFittingTokenType(client.tokenType(), dpop.enabled(), problems);
		if (!dpop.enabled()) {
			requireNotSet("algorithm", dpop.algorithm(), "enabled", problems);
			requireNotSet("key-location", dpop.keyLocation(), "enabled", problems);
			requireNotSet("key-password", dpop.keyPassword(), "enabled", problems);
			return null;
		}
		String location = dpop.keyLocation();
		if (!StringUtils.hasText(location)) {
			requireNotSet("key-password", dpop.keyPassword(), "key-location", problems);
			String algorithm = Objects.requireNonNullElse(dpop.algorithm(), "ES256");
			return problems.check(PREFIX + "algorithm", () -> DpopProofs.withGeneratedKey(algorithm));
		}
		SigningKey key = key(dpop, location, problems);
		return (key != null) ? problems.check(PREFIX + "algorithm", () -> DpopProofs.withKey(key, dpop.algorithm()))
				: null;
	}

	private static void requireFittingTokenType(String tokenType, boolean enabled,
			ConfigurationProblems.OfClient problems) {
		boolean dpop = tokenType.equalsIgnoreCase(DpopProofs.DPOP);
		if (enabled && !dpop && !tokenType.equalsIgnoreCase("Bearer")) {
			problems.add("token-type", "must not be set, for " + problems.name(PREFIX + "enabled")
					+ " is 'true' and makes it DPoP, but is '" + tokenType + "'");
		}
		if (!enabled && dpop) {
			problems.add("token-type", "must not be 'DPoP', which needs proofs; set "
					+ problems.name(PREFIX + "enabled") + " to 'true' instead");
		}
	}

	private static void requireNotSet(String property, @Nullable String value, String companion,
			ConfigurationProblems.OfClient problems) {
		if (StringUtils.hasText(value)) {
			problems.add(PREFIX + property,
					"must not be set without " + problems.name(PREFIX + companion) + ", for which it is meant");
		}
	}

	/**
	 * A key that cannot be used at all is a problem of its location, whatever the
	 * algorithm.
	 */
	private @Nullable SigningKey key(DpopProperties dpop, String location, ConfigurationProblems.OfClient problems) {
		CredentialFile file = this.files.of(PREFIX + "key-location", location, problems);
		return (file == null) ? null : problems.check(PREFIX + "key-location", () -> {
			SigningKey key = parse(file.get(), dpop, problems);
			DpopProofs.withKey(key, null);
			return key;
		});
	}

	private static SigningKey parse(String text, DpopProperties dpop, ConfigurationProblems.OfClient problems) {
		String password = StringUtils.hasText(dpop.keyPassword()) ? dpop.keyPassword() : null;
		if (KeyTextReader.isEncrypted(text) && password == null) {
			throw new IllegalArgumentException(
					"is an encrypted private key, so " + problems.name(PREFIX + "key-password") + " must be set");
		}
		return KeyTextReader.read(text, password);
	}

}
