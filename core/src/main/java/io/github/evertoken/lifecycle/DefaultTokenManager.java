package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

import io.github.evertoken.AccessToken;
import io.github.evertoken.LeasePolicy;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.TokenStore;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The {@link TokenManager}: one {@link TokenLifecycle} for each key. The services' own
 * are kept for ever, and a bounded number of others while they are used.
 *
 * @since 0.1.0
 */
public final class DefaultTokenManager implements TokenManager, AutoCloseable {

	private final Map<String, ManagedClient> clients;

	private final EventStream events = new EventStream();

	private DefaultTokenManager(Builder builder) {
		ManagerResources resources = new ManagerResources(builder.scheduler, builder.timer, builder.time, builder.store,
				builder.random, this.events);
		Map<Object, IssuerCondition> conditions = new HashMap<>();
		Map<String, ManagedClient> clients = new HashMap<>();
		builder.clients.forEach((name, settings) -> {
			Object endpoint = settings.issuer().endpoint();
			IssuerCondition condition = conditions.computeIfAbsent((endpoint != null) ? endpoint : settings,
					(any) -> new IssuerCondition(resources));
			clients.put(name, new ManagedClient(settings, resources, condition));
		});
		this.clients = Map.copyOf(clients);
		this.clients.values().forEach(ManagedClient::listen);
	}

	/**
	 * Start with the defaults.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
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

	private ManagedClient client(String name) {
		ManagedClient client = this.clients.get(name);
		if (client == null) {
			throw new IllegalArgumentException("There is no client '" + name + "'. The clients are "
					+ new TreeSet<>(this.clients.keySet()) + "; add it below evertoken.clients, or use one of these");
		}
		return client;
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

	/**
	 * Builds a {@link DefaultTokenManager}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final Map<String, ClientSettings> clients = new LinkedHashMap<>();

		private Scheduler scheduler = Schedulers.parallel();

		private Timer timer = Timer.independent();

		private Time time = Time.system();

		private TokenStore store = TokenStore.inMemory();

		private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

		private Builder() {
		}

		/**
		 * Add clients.
		 * @param clients the settings of each
		 * @return this builder
		 * @throws IllegalArgumentException if two have the same name
		 */
		public Builder clients(Collection<ClientSettings> clients) {
			clients.forEach(this::client);
			return this;
		}

		/**
		 * Add a client.
		 * @param client its settings
		 * @return this builder
		 * @throws IllegalArgumentException if there is one of that name
		 */
		public Builder client(ClientSettings client) {
			if (this.clients.putIfAbsent(client.name(), client) != null) {
				throw new IllegalArgumentException("There are two clients named '" + client.name() + "'");
			}
			return this;
		}

		/**
		 * Set where token sets rest. The default is {@link TokenStore#inMemory()}.
		 * @param store the store
		 * @return this builder
		 */
		public Builder store(TokenStore store) {
			this.store = store;
			return this;
		}

		/**
		 * Set the scheduler, which starts the calls to issuers, wakes those who wait, and
		 * runs the timers of renewals. It is not disposed of by the manager. The default
		 * is {@link Schedulers#parallel()}.
		 * @param scheduler the scheduler, which must be able to run tasks with a delay
		 * @return this builder
		 */
		public Builder scheduler(Scheduler scheduler) {
			this.scheduler = scheduler;
			return this;
		}

		/**
		 * Set the clocks, which are the system's by default. A token is used while both
		 * say that it is valid.
		 * @param wallClock the wall clock, which may jump
		 * @param nanoTime the monotonic clock, in nanoseconds, which never goes back
		 * @return this builder
		 */
		public Builder clock(InstantSource wallClock, LongSupplier nanoTime) {
			this.time = Time.of(wallClock, nanoTime);
			return this;
		}

		/**
		 * Let a scheduler be the scheduler, both clocks and all timers, for tests.
		 * @param scheduler the scheduler, which says what time it is
		 * @return this builder
		 */
		public Builder virtualTime(Scheduler scheduler) {
			this.scheduler = scheduler;
			this.timer = Timer.of(scheduler);
			this.time = Time.of(() -> Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS)),
					() -> scheduler.now(TimeUnit.NANOSECONDS));
			return this;
		}

		/**
		 * Set where the jitter of renewals and cooldowns comes from.
		 * @param random gives numbers from 0 (inclusive) to 1 (exclusive), thread-safe
		 * @return this builder
		 */
		public Builder random(DoubleSupplier random) {
			this.random = random;
			return this;
		}

		/**
		 * Build the manager.
		 * @return the manager
		 */
		public DefaultTokenManager build() {
			return new DefaultTokenManager(this);
		}

	}

}
