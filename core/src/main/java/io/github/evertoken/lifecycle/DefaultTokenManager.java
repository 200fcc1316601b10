package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import io.github.evertoken.AccessToken;
import io.github.evertoken.LeasePolicy;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.Troubleshooting;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The {@link TokenManager}: one {@link TokenLifecycle} for each key. The services' own
 * are kept for ever, and a bounded number of others while they are used.
 *
 * @since 0.1.0
 */
public final class DefaultTokenManager implements TokenManager, AutoCloseable {

	private final Map<String, ManagedClient> clients;

	private final EventStream events = new EventStream();

	DefaultTokenManager(TokenManagerBuilder builder) {
		ManagerResources resources = new ManagerResources(builder.scheduler, builder.timer, builder.time, builder.store,
				builder.random, this.events, List.copyOf(builder.observers), builder.replica, builder.aroundIssuers);
		Map<Object, IssuerCondition> conditions = new HashMap<>();
		Map<String, ManagedClient> clients = new HashMap<>();
		builder.clients.forEach((name, settings) -> {
			Object endpoint = settings.issuer().endpoint();
			IssuerCondition condition = conditions.computeIfAbsent((endpoint != null) ? endpoint : settings,
					(any) -> new IssuerCondition(resources));
			clients.put(name, new ManagedClient(settings, resources, condition));
		});
		this.clients = Map.copyOf(clients);
		this.clients.values().forEach((client) -> client.changes().listen());
	}

	/**
	 * Start with the defaults.
	 * @return a builder
	 */
	public static TokenManagerBuilder builder() {
		return new TokenManagerBuilder();
	}

	/**
	 * Return the names of the clients.
	 * @return the names, unmodifiable
	 */
	public Set<String> clients() {
		return this.clients.keySet();
	}

	/**
	 * Return the life-cycle of a key, which begins with the first call. That of the
	 * service's own key lasts as long as the manager; that of a subject's key may end
	 * with an eviction, after which it leads on to the next one.
	 * @param key the key
	 * @return the one life-cycle of the key
	 * @throws IllegalArgumentException if the key's client is not known
	 */
	public TokenLifecycle lifecycle(TokenKey key) {
		return client(key.client()).lifecycle(key);
	}

	ManagedClient client(String name) {
		ManagedClient client = this.clients.get(name);
		if (client == null) {
			throw new IllegalArgumentException("There is no client '" + name + "'. The clients are "
					+ new TreeSet<>(this.clients.keySet()) + "; add it below evertoken.clients, or use one of these"
					+ Troubleshooting.UNKNOWN_CLIENT.reference());
		}
		return client;
	}

	/**
	 * Return how things are with a client. Nobody is asked for it, and nothing changes.
	 * @param client the client's name
	 * @return its status
	 * @throws IllegalArgumentException if the client is not known
	 */
	public ClientStatus status(String client) {
		return new Inspection(client(client)).client();
	}

	/**
	 * Return how things are with a key. Nobody is asked for it, and nothing changes.
	 * @param key the key
	 * @return its status, {@code null} if nothing is held of it
	 * @throws IllegalArgumentException if the key's client is not known
	 */
	public @Nullable KeyStatus status(TokenKey key) {
		ManagedClient client = client(key.client());
		TokenLifecycle known = client.known(key);
		return (known != null) ? new Inspection(client).key(known) : null;
	}

	/**
	 * Return how things are with the keys of a subject: its own, and those that
	 * parameters vary. Nobody is asked for it, and nothing changes.
	 * @param client the client's name
	 * @param subject the subject
	 * @return the status of each key of which something is held, the subject's own first;
	 * empty if nothing is
	 * @throws IllegalArgumentException if the client is not known, or the subject is none
	 */
	public List<KeyStatus> status(String client, String subject) {
		return new Inspection(client(client)).subject(TokenKey.of(client, subject));
	}

	/**
	 * Ask the token store which version it has of a key, to compare it with the
	 * {@linkplain KeyStatus#generation() generation} that is known here. Nothing changes.
	 * @param key the key
	 * @return a {@code Mono} with the version, which may be that of a tombstone, empty if
	 * the store has none of it or there is no store; a {@link TokenStoreException} if it
	 * cannot be asked within the client's store time-out
	 * @throws IllegalArgumentException if the key's client is not known
	 */
	public Mono<Long> storedVersion(TokenKey key) {
		StoreSteps store = client(key.client()).store();
		return store.areNone() ? Mono.empty() : store.load(key).map(StoredTokenSet::version);
	}

	/**
	 * Obtain another token of a key now, though the one that is held works: it serves
	 * until the other one has come. A running flight is left to itself, and so is an
	 * issuer that is in trouble.
	 * @param key the key
	 * @return what has come of it, {@code null} if nothing is held of the key
	 * @throws IllegalArgumentException if the key's client is not known
	 */
	public @Nullable RenewalAnswer renew(TokenKey key) {
		TokenLifecycle known = client(key.client()).known(key);
		return (known != null) ? new Commands(known).renew() : null;
	}

	@Override
	public Mono<AccessToken> token(TokenKey key) {
		return Mono.defer(() -> lifecycle(key).token()).map(HeldToken::accessToken);
	}

	/**
	 * Obtain the first token of a key before anybody needs it.
	 * @param key the key
	 * @return a {@code Mono} that completes when a token is held; it fails like
	 * {@link #token(TokenKey)}
	 */
	public Mono<Void> start(TokenKey key) {
		return Mono.defer(() -> lifecycle(key).start());
	}

	@Override
	public <T> Mono<T> lease(TokenKey key, Duration duration, LeasePolicy policy, Mono<T> work) {
		LastingToken token = LastingToken.forLease(lifecycle(key), duration);
		return Mono.usingWhen(token.lease(policy), (lease) -> work, (lease) -> Mono.fromRunnable(lease::close));
	}

	@Override
	public <T> Flux<T> lease(TokenKey key, Duration duration, LeasePolicy policy, Flux<T> work) {
		LastingToken token = LastingToken.forLease(lifecycle(key), duration);
		return Flux.usingWhen(token.lease(policy), (lease) -> work, (lease) -> Mono.fromRunnable(lease::close));
	}

	@Override
	public boolean reject(TokenKey key, AccessToken token) {
		return lifecycle(key).reject(token);
	}

	@Override
	public Mono<Void> put(TokenKey key, TokenSet tokenSet) {
		return Mono.defer(() -> new Commands(lifecycle(key)).put(tokenSet));
	}

	@Override
	public Mono<Void> remove(TokenKey key) {
		return Mono.defer(() -> new Commands(lifecycle(key)).remove());
	}

	@Override
	public Mono<Void> revoke(TokenKey key) {
		return Mono.defer(() -> new Commands(lifecycle(key)).revoke());
	}

	/**
	 * Revoke all that a client holds. What a {@link TokenStore} has beside that stays.
	 * @param client the client's name
	 * @return a {@code Mono} that completes when each was revoked, or could not be
	 * @throws IllegalArgumentException if the client is not known
	 */
	public Mono<Void> revokeAll(String client) {
		return client(client).revokeAll();
	}

	@Override
	public Flux<TokenEvent> events() {
		return this.events.flux();
	}

	/**
	 * Listen to what happens to the tokens, as a subscriber of {@link #events()} does.
	 * The subscription waits for the first event, so that the start costs next to
	 * nothing.
	 * @param listener gets the events; one that throws hears no more, and a line says so
	 * @return what ends it
	 */
	public Disposable listen(Consumer<TokenEvent> listener) {
		return this.events.listen(listener);
	}

	/**
	 * Wait until no refresh token is on its way, and nothing is to be saved: cutting that
	 * off would lose a session. Whoever closes the manager does this first.
	 * @return a {@code Mono} that completes when the manager can be closed without a loss
	 */
	public Mono<Void> drain() {
		return Flux.fromIterable(this.clients.values()).flatMap(ManagedClient::drain).then();
	}

	/**
	 * Stop all timers and flights. Whoever waits for a flight, or asks for a token from
	 * now on, fails. Nothing is logged.
	 */
	@Override
	public void close() {
		this.clients.values().forEach(ManagedClient::close);
		this.events.complete();
	}

}
