package io.github.evertoken.boot.autoconfigure.client;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.GrantType;
import io.github.evertoken.boot.autoconfigure.properties.ObtainedBy;
import io.github.evertoken.boot.autoconfigure.properties.SubjectSource;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;

/**
 * What is known of clients beyond the properties of Evertoken: Spring Security's
 * registrations. This type names none of its classes, which may not be there.
 */
public interface RegistrationSource {

	/**
	 * What an application lacks that has none of those classes.
	 */
	String DEPENDENCY = "org.springframework.boot:spring-boot-starter-security-oauth2-client";

	/**
	 * Complete the properties of a client with what its registration says.
	 * @return the complete client, or {@code null} if there is a problem, which makes a
	 * look at the rest idle
	 */
	@Nullable ClientProperties complete(String name, ClientProperties client, ConfigurationProblems.OfClient problems);

	/**
	 * Return the authorized client manager as the issuer of a client, or {@code null} if
	 * there is a problem.
	 */
	@Nullable TokenIssuer issuer(String name, ClientProperties client, ConfigurationProblems.OfClient problems);

	/**
	 * Return the store over the authorized clients of a client's logins, or {@code null}
	 * if there is a problem.
	 */
	@Nullable TokenStore store(ClientProperties client, ConfigurationProblems.OfClient problems);

	/**
	 * Tell whether a client's subjects are the principals of Spring Security's logins.
	 * What the manager obtains rests with the authorized clients in any case.
	 */
	static boolean isLoginSource(ClientProperties client) {
		return client.subjects().source() == SubjectSource.AUTHORIZED_CLIENTS
				|| (client.obtainedBy() == ObtainedBy.AUTHORIZED_CLIENT_MANAGER
						&& client.grantType() == GrantType.REFRESH_TOKEN);
	}

	/**
	 * Check what makes no sense without a registration.
	 * @return whether the client has one
	 */
	static boolean isUsed(ClientProperties client, ConfigurationProblems.OfClient problems) {
		if (client.registrationId() != null) {
			return true;
		}
		String missing = "needs " + problems.name("registration-id") + ", which is not set, to name a registration of"
				+ " Spring Security";
		if (client.obtainedBy() == ObtainedBy.AUTHORIZED_CLIENT_MANAGER) {
			problems.add("obtained-by", "is 'authorized-client-manager', and " + missing);
		}
		if (client.subjects().source() == SubjectSource.AUTHORIZED_CLIENTS) {
			problems.add("subjects.source", "is 'authorized-clients', and " + missing);
		}
		return false;
	}

}
