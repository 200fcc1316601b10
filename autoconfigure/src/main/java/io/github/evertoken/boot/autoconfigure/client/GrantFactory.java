package io.github.evertoken.boot.autoconfigure.client;

import java.net.URI;

import io.github.evertoken.authentication.CredentialFile;
import io.github.evertoken.boot.autoconfigure.credential.CredentialFactory;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.GrantType;
import io.github.evertoken.boot.autoconfigure.properties.SecurityTokenProperties;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.grant.SecurityTokenSource;
import org.jspecify.annotations.Nullable;

/**
 * Finds the grant of a client, and checks what belongs to it.
 */
final class GrantFactory {

	private static final String SUBJECT = "subject-token";

	private static final String ACTOR = "actor-token";

	private final CredentialFactory credentials;

	private final ClientBeans beans;

	GrantFactory(ClientBeans beans, CredentialFactory credentials) {
		this.beans = beans;
		this.credentials = credentials;
	}

	/**
	 * Tell whether a client shows the token with which the application was called.
	 */
	boolean isOnBehalf(String name, ClientProperties client) {
		return showsSubjectToken(client) && client.subjectToken().location() == null
				&& !CredentialFactory.signsAssertion(client) && !this.beans.has(SecurityTokenSource.class, name)
				&& !this.beans.has(AuthorizationGrant.class, name);
	}

	private static boolean showsSubjectToken(ClientProperties client) {
		return client.grantType() == GrantType.TOKEN_EXCHANGE || client.grantType() == GrantType.JWT_BEARER;
	}

	/**
	 * Return the grant, or {@code null} if there is a problem with it. A bean goes before
	 * the properties.
	 */
	@Nullable AuthorizationGrant of(String name, ClientProperties client, ConfigurationProblems.OfClient problems) {
		AuthorizationGrant bean = this.beans.find(AuthorizationGrant.class, name, problems);
		if (bean != null) {
			return bean;
		}
		requireUsed(client, problems);
		requireSourceUsed(name, client, problems);
		SecurityTokenSource source = this.beans.find(SecurityTokenSource.class, name, problems);
		return switch (client.grantType()) {
			case CLIENT_CREDENTIALS -> AuthorizationGrant.clientCredentials();
			case REFRESH_TOKEN -> AuthorizationGrant.refreshTokenOnly();
			case JWT_BEARER -> jwtBearer(client, source, problems);
			case TOKEN_EXCHANGE -> tokenExchange(client, source, problems);
		};
	}

	/**
	 * What would have no effect was meant to have one.
	 */
	private static void requireUsed(ClientProperties client, ConfigurationProblems.OfClient problems) {
		if (client.subjectToken().location() != null && !showsSubjectToken(client)) {
			problems.add(SUBJECT + ".location",
					"must not be set unless " + problems.name("grant-type") + " is 'token_exchange' or 'jwt_bearer'");
		}
		if (client.actorToken().location() != null && client.grantType() != GrantType.TOKEN_EXCHANGE) {
			problems.add(ACTOR + ".location",
					"must not be set unless " + problems.name("grant-type") + " is 'token_exchange'");
		}
		if (client.grantType() != GrantType.JWT_BEARER) {
			CredentialFactory.assertionProperties(client)
				.forEach((property) -> problems.add(property,
						"must not be set unless " + problems.name("grant-type") + " is 'jwt_bearer'"));
		}
	}

	/**
	 * A bean that is meant for this client, and for it alone, is to have an effect.
	 */
	private void requireSourceUsed(String name, ClientProperties client, ConfigurationProblems.OfClient problems) {
		if (!this.beans.hasOwn(SecurityTokenSource.class, name)) {
			return;
		}
		String bean = "the SecurityTokenSource bean '" + this.beans.nameOf(SecurityTokenSource.class, name, problems)
				+ "'";
		if (client.subjectToken().location() != null) {
			problems.add(SUBJECT + ".location",
					"must not be set beside " + bean + ", which has '" + name + "' as its name or qualifier");
		}
		else if (!showsSubjectToken(client) || CredentialFactory.signsAssertion(client)) {
			problems.add("grant-type", "must be 'token_exchange', or 'jwt_bearer' without an assertion of its own, for "
					+ bean + " has no effect otherwise");
		}
	}

	private @Nullable AuthorizationGrant jwtBearer(ClientProperties client, @Nullable SecurityTokenSource source,
			ConfigurationProblems.OfClient problems) {
		if (!CredentialFactory.signsAssertion(client)) {
			SecurityTokenSource assertion = (source != null) ? source : subjectToken(client, problems);
			return (assertion != null) ? AuthorizationGrant.jwtBearer(assertion) : null;
		}
		if (client.subjectToken().location() != null) {
			problems.add(SUBJECT + ".location",
					"must not be set beside " + problems.name(CredentialFactory.assertionProperties(client).get(0))
							+ ": the client shows the assertion of a file, or signs one itself");
			return null;
		}
		return this.credentials.jwtBearer(client, problems);
	}

	private @Nullable AuthorizationGrant tokenExchange(ClientProperties client, @Nullable SecurityTokenSource source,
			ConfigurationProblems.OfClient problems) {
		URI subjectType = type(SUBJECT, client.subjectToken(), problems);
		URI actorType = type(ACTOR, client.actorToken(), problems);
		SecurityTokenSource subject = (source != null) ? source : subjectToken(client, problems);
		String actor = client.actorToken().location();
		SecurityTokenSource actorToken = (actor != null) ? file(ACTOR, actor, problems) : null;
		if (subjectType == null || actorType == null || subject == null) {
			return null;
		}
		return (actorToken != null) ? AuthorizationGrant.tokenExchange(subject, subjectType, actorToken, actorType)
				: AuthorizationGrant.tokenExchange(subject, subjectType);
	}

	private @Nullable SecurityTokenSource subjectToken(ClientProperties client,
			ConfigurationProblems.OfClient problems) {
		String location = client.subjectToken().location();
		return (location != null) ? file(SUBJECT, location, problems) : SecurityTokenSource.ofKey();
	}

	/**
	 * The file is looked into at once, so that a wrong location is found at the start.
	 */
	private @Nullable SecurityTokenSource file(String token, String location, ConfigurationProblems.OfClient problems) {
		String property = token + ".location";
		CredentialFile file = this.credentials.file(property, location, problems);
		return (file != null && problems.check(property, file::get) != null) ? SecurityTokenSource.file(file) : null;
	}

	private static @Nullable URI type(String token, SecurityTokenProperties properties,
			ConfigurationProblems.OfClient problems) {
		URI type = properties.type();
		if (!type.isAbsolute()) {
			problems.add(token + ".type", "must be a URI such as urn:ietf:params:oauth:token-type:jwt (RFC 8693,"
					+ " section 3), but is '" + type + "'");
			return null;
		}
		return type;
	}

}
