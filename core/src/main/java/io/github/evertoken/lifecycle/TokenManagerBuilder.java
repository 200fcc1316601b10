package io.github.evertoken.lifecycle;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenObserver;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Builds a {@link DefaultTokenManager}.
 *
 * @since 0.1.0
 */
public final class TokenManagerBuilder {

	final Map<String, ClientSettings> clients = new LinkedHashMap<>();

	Scheduler scheduler = Schedulers.parallel();

	Timer timer = Timer.independent();

	Time time = Time.system();

	TokenStore store = TokenStore.inMemory();

	final List<TokenObserver> observers = new ArrayList<>();

	DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

	@Nullable String replica;

	UnaryOperator<TokenIssuer> aroundIssuers = UnaryOperator.identity();

	TokenManagerBuilder() {
	}

	/**
	 * Add clients.
	 * @param clients the settings of each
	 * @return this builder
	 * @throws IllegalArgumentException if two have the same name
	 */
	public TokenManagerBuilder clients(Collection<ClientSettings> clients) {
		clients.forEach(this::client);
		return this;
	}

	/**
	 * Add a client.
	 * @param client its settings
	 * @return this builder
	 * @throws IllegalArgumentException if there is one of that name
	 */
	public TokenManagerBuilder client(ClientSettings client) {
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
	public TokenManagerBuilder store(TokenStore store) {
		this.store = store;
		return this;
	}

	/**
	 * Set the scheduler, which starts the calls to issuers, wakes those who wait, and
	 * runs the timers of renewals. It is not disposed of by the manager. The default is
	 * {@link Schedulers#parallel()}.
	 * @param scheduler the scheduler, which must be able to run tasks with a delay
	 * @return this builder
	 */
	public TokenManagerBuilder scheduler(Scheduler scheduler) {
		this.scheduler = scheduler;
		return this;
	}

	/**
	 * Set the clocks, which are the system's by default. A token is used while both say
	 * that it is valid.
	 * @param wallClock the wall clock, which may jump
	 * @param nanoTime the monotonic clock, in nanoseconds, which never goes back
	 * @return this builder
	 */
	public TokenManagerBuilder clock(InstantSource wallClock, LongSupplier nanoTime) {
		this.time = Time.of(wallClock, nanoTime);
		return this;
	}

	/**
	 * Let a scheduler be the scheduler, both clocks and all timers, for tests.
	 * @param scheduler the scheduler, which says what time it is
	 * @return this builder
	 */
	public TokenManagerBuilder virtualTime(Scheduler scheduler) {
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
	public TokenManagerBuilder random(DoubleSupplier random) {
		this.random = random;
		return this;
	}

	/**
	 * Let somebody see what tokens cost. What one observer throws is no other's trouble.
	 * @param observer the observer, beside those that there are
	 * @return this builder
	 */
	public TokenManagerBuilder observer(TokenObserver observer) {
		this.observers.add(Objects.requireNonNull(observer, "observer"));
		return this;
	}

	/**
	 * Set the name by which other replicas know this one, where they share a store.
	 * @param replica the name, such as that of the host; no secret, or {@code null} for
	 * none
	 * @return this builder
	 */
	public TokenManagerBuilder replica(@Nullable String replica) {
		this.replica = replica;
		return this;
	}

	/**
	 * Put something around the issuer of each client, to see or to change what is asked
	 * of it. What stands there already stands within. The
	 * {@linkplain TokenIssuer#endpoint() endpoint} stays that of the client's own issuer.
	 * @param decorator gives what is asked instead of an issuer
	 * @return this builder
	 */
	public TokenManagerBuilder aroundIssuers(UnaryOperator<TokenIssuer> decorator) {
		UnaryOperator<TokenIssuer> within = this.aroundIssuers;
		this.aroundIssuers = (issuer) -> decorator.apply(within.apply(issuer));
		return this;
	}

	/**
	 * Build the manager.
	 * @return the manager
	 * @throws IllegalArgumentException if the leases of a shared store are too short for
	 * a client
	 */
	public DefaultTokenManager build() {
		return new DefaultTokenManager(this);
	}

}
