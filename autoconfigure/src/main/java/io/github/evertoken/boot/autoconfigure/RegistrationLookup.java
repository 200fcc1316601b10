package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientProperties;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientPropertiesMapper;
import org.springframework.core.env.Environment;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Finds a registration: in the repositories that are beans, which Spring Boot makes of
 * its properties unless the application has one of its own, or else in these properties.
 */
final class RegistrationLookup {

	private static final boolean PROPERTIES = ClassUtils.isPresent(
			"org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientProperties",
			RegistrationLookup.class.getClassLoader());

	private final ListableBeanFactory beanFactory;

	private final Environment environment;

	private final Set<String> known = new TreeSet<>();

	private boolean sources;

	RegistrationLookup(ListableBeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	/**
	 * Return a registration.
	 * @param id its identifier
	 * @param timeout how long a repository may take
	 * @throws IllegalArgumentException if there is none of that identifier, or if it
	 * cannot be looked up
	 */
	RegisteredClient find(String id, Duration timeout) {
		ClientRegistration registration = inRepositories(id, timeout);
		if (registration != null) {
			return registered(registration);
		}
		RegisteredClient registered = (!this.sources && PROPERTIES) ? find(id) : null;
		if (registered != null) {
			return registered;
		}
		if (!this.sources && !PROPERTIES) {
			throw new IllegalArgumentException("must name a registration of Spring Security, but there is no"
					+ " ReactiveClientRegistrationRepository bean; add the dependency " + NoRegistrations.DEPENDENCY
					+ ", which makes one of spring.security.oauth2.client.registration");
		}
		throw new IllegalArgumentException("must be one of Spring Security's registrations " + this.known
				+ " (spring.security.oauth2.client.registration), but is '" + id + "'");
	}

	private @Nullable ClientRegistration inRepositories(String id, Duration timeout) {
		ClientRegistration found = null;
		for (ReactiveClientRegistrationRepository repository : this.beanFactory
			.getBeanProvider(ReactiveClientRegistrationRepository.class)
			.orderedStream()
			.toList()) {
			note(repository);
			found = (found != null) ? found : await(id, repository.findByRegistrationId(id), timeout);
		}
		for (ClientRegistrationRepository repository : this.beanFactory
			.getBeanProvider(ClientRegistrationRepository.class)
			.orderedStream()
			.toList()) {
			note(repository);
			found = (found != null) ? found : repository.findByRegistrationId(id);
		}
		return found;
	}

	private void note(Object repository) {
		this.sources = true;
		if (repository instanceof Iterable<?> registrations) {
			registrations
				.forEach((registration) -> this.known.add(((ClientRegistration) registration).getRegistrationId()));
		}
	}

	/**
	 * The start is to wait here, for a wrong identifier is to stop it. The repositories
	 * of Spring Security know the answer at once.
	 */
	private static @Nullable ClientRegistration await(String id, Mono<ClientRegistration> registration,
			Duration timeout) {
		try {
			return registration.toFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw notFound(id, ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw notFound(id, (ex.getCause() != null) ? ex.getCause() : ex);
		}
	}

	private static IllegalArgumentException notFound(String id, Throwable cause) {
		return new IllegalArgumentException("is '" + id + "', which could not be looked up in the repository of Spring"
				+ " Security's registrations: " + cause.getClass().getName(), cause);
	}

	private static RegisteredClient registered(ClientRegistration registration) {
		return new RegisteredClient(registration.getRegistrationId(), registration.getClientId(),
				StringUtils.hasText(registration.getClientSecret()) ? registration.getClientSecret() : null,
				registration.getClientAuthenticationMethod().getValue(),
				registration.getAuthorizationGrantType().getValue(),
				(registration.getScopes() != null) ? registration.getScopes() : Set.of(),
				registration.getProviderDetails().getTokenUri(), registration.getProviderDetails().getIssuerUri());
	}

	private @Nullable RegisteredClient find(String id) {
		return BootProperties.find(this.environment, id, this.known);
	}

	/**
	 * Loaded only where Spring Boot's properties are.
	 */
	private static final class BootProperties {

		private static final String LOGIN = "authorization_code";

		static @Nullable RegisteredClient find(Environment environment, String id, Set<String> known) {
			OAuth2ClientProperties all = Binder.get(environment)
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
			String grantType = (registration.getAuthorizationGrantType() != null)
					? registration.getAuthorizationGrantType() : LOGIN;
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
				return registered(
						Objects.requireNonNull(new OAuth2ClientPropertiesMapper(one).asClientRegistrations().get(id)));
			}
			catch (IllegalArgumentException | IllegalStateException ex) {
				throw incomplete(id, ex.getMessage());
			}
		}

		private static IllegalArgumentException incomplete(String id, @Nullable String how) {
			return new IllegalArgumentException("is '" + id + "', and spring.security.oauth2.client.registration." + id
					+ " is not complete: " + how);
		}

	}

}
