package io.github.evertoken.boot.autoconfigure.security;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.github.evertoken.boot.autoconfigure.client.RegistrationSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.util.StringUtils;

/**
 * Finds a registration: in the repositories that are beans, which Spring Boot makes of
 * its properties unless the application has one of its own, or else in these properties.
 */
final class RegistrationLookup {

	/**
	 * A timer counts in nanoseconds, of which a long has 292 years.
	 */
	private static final Duration LONGEST = Duration.ofDays(1);

	private final ListableBeanFactory beanFactory;

	private final @Nullable BootRegistrationReader bootRegistrations;

	private final Set<String> known = new TreeSet<>();

	private boolean sources;

	RegistrationLookup(ListableBeanFactory beanFactory, @Nullable BootRegistrationReader bootRegistrations) {
		this.beanFactory = beanFactory;
		this.bootRegistrations = bootRegistrations;
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
		RegisteredClient registered = (!this.sources && this.bootRegistrations != null)
				? this.bootRegistrations.find(id, this.known) : null;
		if (registered != null) {
			return registered;
		}
		if (!this.sources && this.bootRegistrations == null) {
			throw new IllegalArgumentException("must name a registration of Spring Security, but there is no"
					+ " ReactiveClientRegistrationRepository bean; add the dependency " + RegistrationSource.DEPENDENCY
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
	 * of Spring Security know the answer at once. Nobody is interested any more in one
	 * that comes too late, so that its lookup is cancelled.
	 */
	private static @Nullable ClientRegistration await(String id, Mono<ClientRegistration> registration,
			Duration timeout) {
		Duration bounded = (timeout.compareTo(LONGEST) < 0) ? timeout : LONGEST;
		CompletableFuture<@Nullable ClientRegistration> found = registration.timeout(bounded).toFuture();
		try {
			return found.get();
		}
		catch (InterruptedException ex) {
			found.cancel(true);
			Thread.currentThread().interrupt();
			throw notFound(id, ex);
		}
		catch (ExecutionException ex) {
			throw notFound(id, (ex.getCause() != null) ? ex.getCause() : ex);
		}
	}

	private static IllegalArgumentException notFound(String id, Throwable cause) {
		return new IllegalArgumentException("is '" + id + "', which could not be looked up in the repository of Spring"
				+ " Security's registrations: " + cause.getClass().getName(), cause);
	}

	static RegisteredClient registered(ClientRegistration registration) {
		return new RegisteredClient(registration.getRegistrationId(), registration.getClientId(),
				StringUtils.hasText(registration.getClientSecret()) ? registration.getClientSecret() : null,
				registration.getClientAuthenticationMethod().getValue(),
				registration.getAuthorizationGrantType().getValue(),
				(registration.getScopes() != null) ? registration.getScopes() : Set.of(),
				registration.getProviderDetails().getTokenUri(), registration.getProviderDetails().getIssuerUri());
	}

}
