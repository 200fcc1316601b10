package io.github.evertoken.security;

import java.util.Collection;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;

/**
 * Tells the token manager what happens to the authorized clients of subjects: a login, a
 * renewal by Spring Security's own filter, a removal. So a subject who had to log in
 * again is signed in by that login, and both sides hold the same refresh token.
 * <p>
 * What a flight of the manager itself saves or removes here is not told: it knows. If
 * telling fails, the login does not.
 * <p>
 * Instances are immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class NotifyingAuthorizedClientService implements ReactiveOAuth2AuthorizedClientService {

	private static final Logger logger = LoggerFactory.getLogger(NotifyingAuthorizedClientService.class);

	private final ReactiveOAuth2AuthorizedClientService delegate;

	private final Function<String, Collection<String>> clients;

	private final Supplier<@Nullable TokenManager> manager;

	/**
	 * Create a service around another one.
	 * @param delegate where the authorized clients are kept
	 * @param clients the names of the clients whose subjects log in with a registration,
	 * by the registration's identifier; asked anew each time
	 * @param manager the token manager, asked for when it is needed; {@code null} if
	 * there is none
	 */
	public NotifyingAuthorizedClientService(ReactiveOAuth2AuthorizedClientService delegate,
			Function<String, Collection<String>> clients, Supplier<@Nullable TokenManager> manager) {
		this.delegate = Objects.requireNonNull(delegate, "delegate");
		this.clients = Objects.requireNonNull(clients, "clients");
		this.manager = Objects.requireNonNull(manager, "manager");
	}

	/**
	 * Return where the authorized clients are kept.
	 * @return the service that tells nobody
	 */
	public ReactiveOAuth2AuthorizedClientService delegate() {
		return this.delegate;
	}

	@Override
	public <T extends OAuth2AuthorizedClient> Mono<T> loadAuthorizedClient(String clientRegistrationId,
			String principalName) {
		return this.delegate.loadAuthorizedClient(clientRegistrationId, principalName);
	}

	@Override
	public Mono<Void> saveAuthorizedClient(OAuth2AuthorizedClient authorizedClient, Authentication principal) {
		Mono<Void> saved = this.delegate.saveAuthorizedClient(authorizedClient, principal);
		return (principal instanceof AnonymousAuthenticationToken) ? saved
				: saved.then(tell(authorizedClient.getClientRegistration().getRegistrationId(), principal.getName(),
						(manager, key) -> manager.put(key, AuthorizedClients.tokenSet(authorizedClient))));
	}

	@Override
	public Mono<Void> removeAuthorizedClient(String clientRegistrationId, String principalName) {
		return this.delegate.removeAuthorizedClient(clientRegistrationId, principalName)
			.then(tell(clientRegistrationId, principalName, TokenManager::remove));
	}

	private Mono<Void> tell(String registrationId, String principalName, News news) {
		return Flux.defer(() -> Flux.fromIterable(this.clients.apply(registrationId)))
			.concatMap((client) -> tellOf(client, principalName, news))
			.then();
	}

	private Mono<Void> tellOf(String client, String principalName, News news) {
		return Mono.deferContextual((context) -> {
			TokenManager manager = this.manager.get();
			if (manager == null) {
				return Mono.<Void>empty();
			}
			TokenKey key = TokenKey.of(client, principalName);
			return isIssuing(manager, key, context) ? Mono.<Void>empty() : news.tell(manager, key);
		}).onErrorResume((ex) -> {
			logger.warn("The token manager could not be told of an authorized client of client '{}' ({})", client,
					ex.getClass().getName());
			return Mono.empty();
		});
	}

	/**
	 * Only the default manager has flights that can be told from what others do.
	 */
	private static boolean isIssuing(TokenManager manager, TokenKey key, ContextView context) {
		DefaultTokenManager behind = DelegatingTokenManager.find(manager, DefaultTokenManager.class);
		return behind != null && behind.clients().contains(key.client()) && behind.lifecycle(key).isIssuing(context);
	}

	@Override
	public String toString() {
		return "NotifyingAuthorizedClientService[" + this.delegate.getClass().getName() + "]";
	}

	/**
	 * What the manager is told.
	 */
	@FunctionalInterface
	private interface News {

		Mono<Void> tell(TokenManager manager, TokenKey key);

	}

}
