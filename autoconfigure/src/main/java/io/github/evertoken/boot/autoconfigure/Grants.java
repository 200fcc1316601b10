package io.github.evertoken.boot.autoconfigure;

import java.net.URI;

import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.grant.CredentialException;
import io.github.evertoken.grant.CredentialFile;
import io.github.evertoken.grant.SecurityTokenSource;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;

/**
 * Finds the grant of a client, and checks what belongs to it.
 */
final class Grants {

	private static final String SUBJECT = "subject-token";

	private static final String ACTOR = "actor-token";

	private final JwtBearerGrants jwtBearerGrants;

	Grants(SigningKeys keys) {
		this.jwtBearerGrants = new JwtBearerGrants(keys);
	}

	/**
	 * Tell whether a client shows the token with which the application was called.
	 */
	static boolean isOnBehalf(ClientProperties client) {
		return showsSubjectToken(client) && client.subjectToken().location() == null
				&& !JwtBearerGrants.isMeantBy(client);
	}

	private static boolean showsSubjectToken(ClientProperties client) {
		return client.grantType() == GrantType.TOKEN_EXCHANGE || client.grantType() == GrantType.JWT_BEARER;
	}

	/**
	 * Return the grant, or {@code null} if there is a problem with it.
	 */
	@Nullable AuthorizationGrant of(ClientProperties client, ConfigurationProblems.OfClient problems) {
		requireUsed(client, problems);
		return switch (client.grantType()) {
			case CLIENT_CREDENTIALS -> AuthorizationGrant.clientCredentials();
			case REFRESH_TOKEN -> AuthorizationGrant.refreshTokenOnly();
			case JWT_BEARER -> jwtBearer(client, problems);
			case TOKEN_EXCHANGE -> tokenExchange(client, problems);
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
			JwtBearerGrants.setProperties(client)
				.forEach((property) -> problems.add(property,
						"must not be set unless " + problems.name("grant-type") + " is 'jwt_bearer'"));
		}
	}

	private @Nullable AuthorizationGrant jwtBearer(ClientProperties client, ConfigurationProblems.OfClient problems) {
		if (!JwtBearerGrants.isMeantBy(client)) {
			return AuthorizationGrant.jwtBearer(subjectToken(client, problems));
		}
		if (client.subjectToken().location() != null) {
			problems.add(SUBJECT + ".location",
					"must not be set beside " + problems.name(JwtBearerGrants.setProperties(client).get(0))
							+ ": the client shows the assertion of a file, or signs one itself");
			return null;
		}
		return this.jwtBearerGrants.of(client, problems);
	}

	private static @Nullable AuthorizationGrant tokenExchange(ClientProperties client,
			ConfigurationProblems.OfClient problems) {
		URI subjectType = type(SUBJECT, client.subjectToken(), problems);
		URI actorType = type(ACTOR, client.actorToken(), problems);
		if (subjectType == null || actorType == null) {
			return null;
		}
		SecurityTokenSource subject = subjectToken(client, problems);
		Resource actor = client.actorToken().location();
		return (actor == null) ? AuthorizationGrant.tokenExchange(subject, subjectType)
				: AuthorizationGrant.tokenExchange(subject, subjectType, file(ACTOR, actor, problems), actorType);
	}

	private static SecurityTokenSource subjectToken(ClientProperties client, ConfigurationProblems.OfClient problems) {
		Resource location = client.subjectToken().location();
		return (location != null) ? file(SUBJECT, location, problems) : SecurityTokenSource.ofKey();
	}

	/**
	 * The file is looked into at once, so that a wrong location is found at the start.
	 */
	private static SecurityTokenSource file(String token, Resource location, ConfigurationProblems.OfClient problems) {
		String property = token + ".location";
		CredentialFile file = CredentialFile.of(problems.name(property), location);
		try {
			file.get();
		}
		catch (CredentialException ex) {
			problems.add(property, ex.problem());
		}
		return SecurityTokenSource.file(file);
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
