package io.github.evertoken.boot.autoconfigure.credential;

import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.authentication.CredentialFile;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.diagnostics.SecretCheck;
import io.github.evertoken.boot.autoconfigure.properties.ClientAssertionProperties;
import io.github.evertoken.boot.autoconfigure.properties.ClientAuthenticationMethod;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.GrantType;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Makes what a client authenticates with, from its properties.
 */
final class ClientAuthenticationFactory {

	private final CredentialFileLocator files;

	private final SigningKeyLocator keys;

	ClientAuthenticationFactory(CredentialFileLocator files, SigningKeyLocator keys) {
		this.files = files;
		this.keys = keys;
	}

	/**
	 * Make the authentication of one client.
	 * @param client the client
	 * @param issuer the issuer identifier of its authorization server, or {@code null} if
	 * none is configured
	 * @param problems takes what is wrong
	 * @return the authentication, {@code null} only if something is wrong
	 */
	@Nullable ClientAuthentication of(ClientProperties client, @Nullable String issuer, ConfigurationProblems.OfClient problems) {
		ClientAuthenticationMethod method = client.clientAuthenticationMethod();
		CredentialPropertyCheck.requireNoOther(client, problems);
		if (isKnownByItsAssertion(client)) {
			return ClientAuthentication.omitted();
		}
		// With all else complete, the other problems come to light at the same start.
		String clientId = Objects.requireNonNullElse(clientId(client, problems), "unknown");
		return switch (method) {
			case CLIENT_SECRET_BASIC ->
				withSecret(client, problems, (secret) -> ClientAuthentication.clientSecretBasic(clientId, secret));
			case CLIENT_SECRET_POST ->
				withSecret(client, problems, (secret) -> ClientAuthentication.clientSecretPost(clientId, secret));
			case CLIENT_SECRET_JWT -> withSecret(client, problems,
					new SignedAssertionFactory(clientId, client.clientAssertion(), issuer, problems).bySecret());
			case PRIVATE_KEY_JWT ->
				new SignedAssertionFactory(clientId, client.clientAssertion(), issuer, problems).byKey(this.keys);
			case CLIENT_ASSERTION -> fromFile(clientId, client.clientAssertion(), problems);
			case TLS_CLIENT_AUTH, SELF_SIGNED_TLS_CLIENT_AUTH -> ClientAuthentication.tlsClientAuth(clientId);
			case NONE -> {
				requireNoClientCredentials(client.grantType(), problems);
				yield ClientAuthentication.none(clientId);
			}
		};
	}

	/**
	 * RFC 7521, section 4.1: the identifier is only needed by ways of authentication that
	 * rely on it.
	 */
	private static boolean isKnownByItsAssertion(ClientProperties client) {
		return client.clientAuthenticationMethod() == ClientAuthenticationMethod.NONE && client.clientId() == null
				&& JwtBearerGrantFactory.isMeantBy(client);
	}

	private static @Nullable String clientId(ClientProperties client, ConfigurationProblems.OfClient problems) {
		String clientId = client.clientId();
		if (clientId == null) {
			problems.add("client-id", "must be set, to the name under which the authorization server knows the client");
			return null;
		}
		return problems.check("client-id", () -> SecretCheck.require(clientId));
	}

	private @Nullable ClientAuthentication withSecret(ClientProperties client, ConfigurationProblems.OfClient problems,
			Function<String, ClientAuthentication> method) {
		String secret = client.clientSecret();
		String location = client.clientSecretLocation();
		if (!StringUtils.hasText(location)) {
			return withSecret(secret, nameOf(client.clientAuthenticationMethod()), problems, method);
		}
		if (StringUtils.hasText(secret)) {
			problems.add("client-secret-location",
					"must not be set beside " + problems.name("client-secret") + "; leave one of them out");
			return null;
		}
		CredentialFile file = this.files.of("client-secret-location", location, problems);
		return (file != null) ? problems.check("client-secret-location",
				() -> ClientAuthentication.reloading(problems.name("client-secret-location"), file,
						(read) -> method.apply(SecretCheck.requirePresent(read))))
				: null;
	}

	private static @Nullable ClientAuthentication withSecret(@Nullable String secret, String method,
			ConfigurationProblems.OfClient problems, Function<String, ClientAuthentication> authentication) {
		if (secret == null) {
			problems.add("client-secret", "must be set, or else " + problems.name("client-secret-location") + ", for "
					+ problems.name("client-authentication-method") + " is '" + method + "'");
			return null;
		}
		return problems.check("client-secret", () -> authentication.apply(SecretCheck.requirePresent(secret)));
	}

	private @Nullable ClientAuthentication fromFile(String clientId, ClientAssertionProperties assertion,
			ConfigurationProblems.OfClient problems) {
		String location = assertion.location();
		String type = assertion.type();
		if (type != null) {
			problems.check("client-assertion.type", () -> SecretCheck.require(type));
		}
		if (!StringUtils.hasText(location)) {
			problems.add("client-assertion.location",
					"must be set, to the location of the file with the JWT such as"
							+ " file:/var/run/secrets/tokens/idp, for " + problems.name("client-authentication-method")
							+ " is '" + nameOf(ClientAuthenticationMethod.CLIENT_ASSERTION) + "'");
			return null;
		}
		CredentialFile file = this.files.of("client-assertion.location", location, problems);
		return (file != null && problems.isEmpty()) ? problems.check("client-assertion.location",
				() -> ClientAuthentication.clientAssertion(clientId, type, file)) : null;
	}

	/**
	 * RFC 6749, section 4.4: the grant is for confidential clients alone.
	 */
	private static void requireNoClientCredentials(GrantType grantType, ConfigurationProblems.OfClient problems) {
		if (grantType == GrantType.CLIENT_CREDENTIALS) {
			problems.add("client-authentication-method",
					"must be one by which the client proves who it is, such as 'client_secret_basic', for "
							+ problems.name("grant-type") + " is '" + nameOf(grantType) + "', but is '"
							+ nameOf(ClientAuthenticationMethod.NONE) + "'");
		}
	}

	static String nameOf(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

}
