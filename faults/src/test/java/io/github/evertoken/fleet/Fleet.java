package io.github.evertoken.fleet;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver;
import io.github.evertoken.TokenSet;
import io.github.evertoken.fleet.Wire.Loss;
import io.github.evertoken.fleet.Wire.Trip;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.SharedTokenStore;
import io.github.evertoken.store.StoreChange;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many replicas of a service, one authorization server and one shared store, in one
 * virtual time.
 */
final class Fleet implements AutoCloseable {

	static final String CLIENT = "inventory";

	static final TokenKey SERVICE = TokenKey.of(CLIENT);

	static final TokenKey ALICE = TokenKey.of(CLIENT, "alice");

	static final Duration LEASE = Duration.ofSeconds(6);

	static final Duration REFRESH_DEADLINE = Duration.ofSeconds(3);

	static final Duration MAX_WAIT = Duration.ofSeconds(10);

	final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	final SharedStoreModel store = new SharedStoreModel(this::millis, LEASE);

	final FleetIssuer issuer;

	private final List<Replica> replicas = new ArrayList<>();

	private final Supplier<Double> random;

	private int started;

	Fleet() {
		this(Duration.ZERO, () -> 0.5);
	}

	/**
	 * Create a fleet without replicas.
	 * @param grace how long the server takes a refresh token again that was rotated
	 * @param random gives numbers from 0 to 1
	 */
	Fleet(Duration grace, Supplier<Double> random) {
		this.random = random;
		this.issuer = new FleetIssuer(this::millis, grace);
		this.store.onChange((change) -> this.replicas.forEach((replica) -> replica.hint(change)));
		this.time.advanceTimeBy(Duration.ofDays(365));
	}

	long millis() {
		return this.time.now(TimeUnit.MILLISECONDS);
	}

	Replica start() {
		return start((settings) -> {
		});
	}

	Replica start(Consumer<ClientSettings.Builder> customizer) {
		return start(false, customizer);
	}

	/**
	 * Start a replica.
	 * @param ownGrant whether it can have a token without a refresh token
	 */
	Replica start(boolean ownGrant, Consumer<ClientSettings.Builder> customizer) {
		Replica replica = new Replica(ownGrant, customizer);
		this.replicas.add(replica);
		return replica;
	}

	List<Replica> replicas() {
		return this.replicas;
	}

	void pass(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

	void pass(long millis) {
		pass(Duration.ofMillis(millis));
	}

	@Override
	public void close() {
		this.replicas.forEach(Replica::close);
		this.time.dispose();
	}

	/**
	 * One replica, with its own way to the store and to the authorization server.
	 */
	final class Replica {

		final String name = "replica-" + ++Fleet.this.started;

		final Process process = new Process(Fleet.this.time);

		final List<TokenEvent> events = new CopyOnWriteArrayList<>();

		final List<String> steps = new ArrayList<>();

		private Sinks.Many<StoreChange> hints = Sinks.many().multicast().directBestEffort();

		private final Wire wire = new Wire(Fleet.this.time, this.process);

		final DefaultTokenManager manager;

		Supplier<Trip> toIssuer = () -> Trip.QUICK;

		Supplier<Trip> toStore = () -> Trip.QUICK;

		/**
		 * What becomes of a commit, if it is not what becomes of any step.
		 */
		Supplier<@Nullable Trip> commits = () -> null;

		boolean hinted = true;

		int losses;

		Duration offset = Duration.ZERO;

		Duration asleep = Duration.ZERO;

		private boolean writing;

		Replica(boolean ownGrant, Consumer<ClientSettings.Builder> customizer) {
			ClientSettings.Builder settings = ClientSettings
				.of(CLIENT, Fleet.this.issuer.as(this.process, this.wire, ownGrant, () -> this.toIssuer.get()))
				.responseTimeout(Duration.ofSeconds(2))
				.refreshDeadline(REFRESH_DEADLINE)
				.maxWait(MAX_WAIT)
				.store(new Store());
			customizer.accept(settings);
			this.manager = DefaultTokenManager.builder()
				.virtualTime(this.process)
				.clock(() -> Instant.ofEpochMilli(millis()).plus(this.offset),
						() -> Fleet.this.time.now(TimeUnit.NANOSECONDS) + this.asleep.toNanos())
				.random(() -> Fleet.this.random.get())
				.replica(this.name)
				.observer(new TokenObserver() {

					@Override
					public void storeStepEnded(String client, StoreOperation operation, Duration took,
							StoreOutcome outcome) {
						Replica.this.steps.add(operation + " " + outcome);
					}
				})
				.client(settings.build())
				.build();
			this.manager.events().subscribe(this.events::add);
		}

		TestSubscriber<AccessToken> call(TokenKey key) {
			TestSubscriber<AccessToken> caller = TestSubscriber.create();
			this.process.run(() -> this.manager.token(key).subscribe(caller));
			return caller;
		}

		/**
		 * Call and wait for the token.
		 */
		String token(TokenKey key) {
			TestSubscriber<AccessToken> caller = call(key);
			for (int i = 0; i < 1200 && !caller.isTerminated(); i++) {
				pass(10);
			}
			return valueOf(caller);
		}

		void put(TokenKey key, TokenSet tokens) {
			complete(this.manager.put(key, tokens));
		}

		void complete(Mono<Void> command) {
			TestSubscriber<Void> done = TestSubscriber.create();
			command.subscribe(done);
			pass(100);
			assertThat(done.isTerminatedComplete()).as("completed").isTrue();
		}

		/**
		 * Cut it off from the store, without a word, or let it through again.
		 */
		void reachesStore(boolean reaches) {
			this.toStore = () -> reaches ? Trip.QUICK : Trip.QUICK.losing(Loss.REQUEST);
		}

		void kill() {
			this.process.kill();
			Fleet.this.replicas.remove(this);
		}

		void pause() {
			this.process.pause();
			Fleet.this.issuer.sent()
				.stream()
				.filter((sent) -> sent.process == this.process && !sent.over)
				.forEach((sent) -> sent.stopped = true);
		}

		void hint(StoreChange change) {
			if (this.hinted && !this.writing) {
				Fleet.this.time.schedule(() -> this.process.run(() -> this.hints.tryEmitNext(change)), 1,
						TimeUnit.MILLISECONDS);
			}
		}

		/**
		 * Lose the connection on which the hints come.
		 */
		void losesHints() {
			Sinks.Many<StoreChange> lost = this.hints;
			this.hints = Sinks.many().multicast().directBestEffort();
			lost.tryEmitError(new IOException("connection reset"));
		}

		void close() {
			this.manager.close();
		}

		<T> Mono<T> step(Supplier<@Nullable T> step) {
			return step(this.toStore, step);
		}

		private <T> Mono<T> step(Supplier<Trip> trips, Supplier<@Nullable T> step) {
			return Mono.defer(() -> this.wire.send(trips.get(), () -> {
				this.writing = true;
				try {
					return step.get();
				}
				finally {
					this.writing = false;
				}
			}));
		}

		private final class Store implements SharedTokenStore {

			@Override
			public Mono<StoredTokenSet> load(TokenKey key) {
				return step(() -> Fleet.this.store.load(key));
			}

			@Override
			public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
				return step(() -> Fleet.this.store.save(key, expected, tokenSet));
			}

			@Override
			public Mono<Long> remove(TokenKey key) {
				return step(() -> Fleet.this.store.remove(key));
			}

			@Override
			public Mono<Claim> claim(TokenKey key, ClaimRequest request) {
				return step(() -> Fleet.this.store.claim(key, request));
			}

			@Override
			public Mono<SaveResult> commit(Lease lease, TokenSet tokenSet) {
				Trip trip = Replica.this.commits.get();
				return step((trip != null) ? () -> trip : Replica.this.toStore,
						() -> Fleet.this.store.commit(lease, tokenSet));
			}

			@Override
			public Mono<Void> abandon(Lease lease, SharedFailure failure) {
				return step(() -> {
					Fleet.this.store.abandon(lease, failure);
					return null;
				});
			}

			@Override
			public Mono<Void> release(Lease lease) {
				return step(() -> {
					Fleet.this.store.release(lease);
					return null;
				});
			}

			@Override
			public Flux<StoreChange> changes() {
				return Flux.defer(() -> Replica.this.hints.asFlux());
			}

			@Override
			public Duration lease() {
				return Fleet.this.store.lease();
			}

		}

	}

	static String valueOf(TestSubscriber<AccessToken> caller) {
		assertThat(caller.isTerminated()).as("terminated").isTrue();
		assertThat(caller.expectTerminalSignal().getThrowable()).isNull();
		return caller.getReceivedOnNext().get(0).value();
	}

	static Throwable errorOf(TestSubscriber<AccessToken> caller) {
		assertThat(caller.isTerminatedError()).as("failed").isTrue();
		return caller.expectTerminalError();
	}

	static TokenSet session(String refreshToken) {
		return TokenSet.withRefreshToken(refreshToken).build();
	}

}
