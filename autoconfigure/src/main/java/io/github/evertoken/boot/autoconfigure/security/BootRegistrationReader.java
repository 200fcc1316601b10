package io.github.evertoken.boot.autoconfigure.security;

import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientProperties;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientPropertiesMapper;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The registrations in Spring Boot's properties, for an application that has made no
 * repository of them. It is there only where Spring Boot's support for them is.
 */
final class BootRegistrationReader {

	private static final String LOGIN = "authorization_code";

	private final Environment environment;

	BootRegistrationReader(Environment environment) {
		this.environment = environment;
	}

	/**
	 * Find a registration.
	 * @param id its identifier
	 * @param known takes the identifiers of all that there are
	 * @throws IllegalArgumentException if it is not complete
	 */
	@Nullable RegisteredClient find(String id, Set<String> known) {
		OAuth2ClientProperties all = Binder.get(this.environment)
			.bind("spring.security.oauth2.client", OAuth2ClientProperties.class)
			.orElseGet(OAuth2ClientProperties::new);
		known.addAll(all.getRegistration().keySet());
		OAuth2ClientProperties.Registration registration = all.getRegistration().get(id);
		if (registration == null) {
			return null;
		}
		String providerId = (registration.getProvider() != null) ? registration.getProvider() : id;
		OAuth2ClientProperties.Provider provider = all.getProvider().get(providerId);
		return (provider != null && provider.getIssuerUri() != null) ? withIssuer(id, registration, provider)
				: withoutIssuer(id, registration, all);
	}

	/**
	 * Spring Security would ask the issuer at once, and fail if it is down.
	 */
	private static RegisteredClient withIssuer(String id, OAuth2ClientProperties.Registration registration,
			OAuth2ClientProperties.Provider provider) {
		if (!StringUtils.hasText(registration.getClientId())) {
			throw incomplete(id, "its client-id must be set");
		}
		String secret = StringUtils.hasText(registration.getClientSecret()) ? registration.getClientSecret() : null;
		String grantType = (registration.getAuthorizationGrantType() != null) ? registration.getAuthorizationGrantType()
				: LOGIN;
		String method = registration.getClientAuthenticationMethod();
		boolean isPublic = method == null && secret == null && LOGIN.equals(grantType);
		return new RegisteredClient(id, registration.getClientId(), secret, isPublic ? "none" : method, grantType,
				(registration.getScope() != null) ? registration.getScope() : Set.of(), provider.getTokenUri(),
				provider.getIssuerUri());
	}

	private static RegisteredClient withoutIssuer(String id, OAuth2ClientProperties.Registration registration,
			OAuth2ClientProperties all) {
		OAuth2ClientProperties one = new OAuth2ClientProperties();
		one.getRegistration().put(id, registration);
		one.getProvider().putAll(all.getProvider());
		try {
			return RegistrationLookup.registered(
					Objects.requireNonNull(new OAuth2ClientPropertiesMapper(one).asClientRegistrations().get(id)));
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			throw incomplete(id, ex.getMessage());
		}
	}

	private static IllegalArgumentException incomplete(String id, @Nullable String how) {
		return new IllegalArgumentException(
				"is '" + id + "', and spring.security.oauth2.client.registration." + id + " is not complete: " + how);
	}

}
