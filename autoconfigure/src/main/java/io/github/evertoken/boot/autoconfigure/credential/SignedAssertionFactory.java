package io.github.evertoken.boot.autoconfigure.credential;

import java.util.function.Function;

import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.authentication.JwtClientAuthentication;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.diagnostics.SecretCheck;
import io.github.evertoken.boot.autoconfigure.properties.ClientAssertionProperties;
import io.github.evertoken.boot.autoconfigure.properties.ClientAuthenticationMethod;
import io.github.evertoken.jose.SigningKey;
import org.jspecify.annotations.Nullable;

/**
 * Makes the authentication of one client that signs its assertions. What is made of a
 * file or an SSL bundle is made anew when it has changed.
 */
final class SignedAssertionFactory {

	private static final String PREFIX = "client-assertion.";

	private final String clientId;

	private final ClientAssertionProperties properties;

	private final @Nullable String issuer;

	private final ConfigurationProblems.OfClient problems;

	SignedAssertionFactory(String clientId, ClientAssertionProperties properties, @Nullable String issuer,
			ConfigurationProblems.OfClient problems) {
		this.clientId = clientId;
		this.properties = properties;
		this.issuer = issuer;
		this.problems = problems;
	}

	/**
	 * Return what makes an authentication with a secret.
	 */
	Function<String, ClientAuthentication> bySecret() {
		// Any secret will do to find out whether all else is right.
		boolean right = check(JwtClientAuthentication.clientSecretJwt(this.clientId, "unknown"));
		return (secret) -> right ? build(JwtClientAuthentication.clientSecretJwt(this.clientId, secret))
				: ClientAuthentication.none(this.clientId);
	}

	/**
	 * Make an authentication with the key that the properties name.
	 */
	@Nullable ClientAuthentication byKey(SigningKeyLocator keys) {
		SigningKeyLocator.Source<?> source = keys.find(PREFIX, this.properties,
				this.problems.name("client-authentication-method") + " is '"
						+ ClientAuthenticationFactory.nameOf(ClientAuthenticationMethod.PRIVATE_KEY_JWT) + "'",
				this.problems);
		return (source != null && isRight(source))
				? this.problems.check(source.property(), () -> source.authentication(this::privateKeyJwt)) : null;
	}

	/**
	 * Tell whether a key, and all that is set for its use, is right.
	 */
	private boolean isRight(SigningKeyLocator.Source<?> source) {
		SigningKey key = this.problems.check(source.property(), source::read);
		return key != null && check(JwtClientAuthentication.privateKeyJwt(this.clientId, key));
	}

	private boolean check(JwtClientAuthentication.Builder builder) {
		boolean algorithm = this.problems.check(PREFIX + "algorithm", () -> builder.algorithm(algorithm())) != null;
		boolean lifetime = this.problems.check(PREFIX + "lifetime",
				() -> builder.lifetime(this.properties.lifetime())) != null;
		boolean audience = this.problems.check(PREFIX + "audience", () -> setAudience(builder)) != null;
		boolean keyId = this.problems.check(PREFIX + "key-id",
				() -> builder.keyId(SecretCheck.require(this.properties.keyId()))) != null;
		return algorithm && lifetime && audience && keyId;
	}

	private ClientAuthentication privateKeyJwt(SigningKey key) {
		return build(JwtClientAuthentication.privateKeyJwt(this.clientId, key));
	}

	private ClientAuthentication build(JwtClientAuthentication.Builder builder) {
		return setAudience(builder).algorithm(algorithm())
			.lifetime(this.properties.lifetime())
			.keyId(this.properties.keyId())
			.build();
	}

	private @Nullable String algorithm() {
		return this.properties.algorithm();
	}

	private JwtClientAuthentication.Builder setAudience(JwtClientAuthentication.Builder builder) {
		String audience = SecretCheck.require(this.properties.audience());
		if ("issuer".equals(audience) && this.issuer == null) {
			throw new IllegalArgumentException(
					"must be 'token-endpoint' or 'requested-endpoint', or the identifier of the"
							+ " authorization server itself, for no issuer is configured, but is 'issuer'");
		}
		if ("token-endpoint".equals(audience)) {
			return builder.audienceOfTokenEndpoint();
		}
		if ("requested-endpoint".equals(audience)) {
			return builder.audienceOfRequestedEndpoint();
		}
		return builder.audience("issuer".equals(audience) ? this.issuer : audience);
	}

}
