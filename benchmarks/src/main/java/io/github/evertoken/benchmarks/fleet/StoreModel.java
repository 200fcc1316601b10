package io.github.evertoken.benchmarks.fleet;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.benchmarks.fleet.World.Answer;
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

/**
 * A shared store of one key, as Redis is one: steps are made one after the other, and
 * each change is told to all other replicas.
 */
final class StoreModel {

	/**
	 * How long one step takes, while all others wait.
	 */
	static final Duration STEP = Duration.ofNanos(20_000);

	/**
	 * How long a request, an answer or a hint is on its way.
	 */
	static final Duration WAY = Duration.ofNanos(250_000);

	/**
	 * How long a lease lasts.
	 */
	static final Duration LEASE = Duration.ofSeconds(35);

	private final World world;

	private final Map<TokenKey, SharedRecord> records = new HashMap<>();

	// In the order in which they came, which is the order of hints.
	private final Set<Connection> connections = new ConcurrentSkipListSet<>(
			Comparator.comparingInt(Connection::number));

	private final AtomicInteger numbers = new AtomicInteger();

	private long busyUntil;

	StoreModel(World world) {
		this.world = world;
	}

	private SharedRecord record(TokenKey key) {
		return this.records.computeIfAbsent(key.withoutSubjectToken(), (name) -> new SharedRecord(name,
				() -> TimeUnit.NANOSECONDS.toMillis(this.world.nanos().getAsLong()), LEASE));
	}

	/**
	 * Return the store as one replica has it.
	 */
	Connection connect() {
		Connection connection = new Connection();
		this.connections.add(connection);
		return connection;
	}

	/**
	 * Let all know that hints may have been missed.
	 */
	void comesBack() {
		this.connections.forEach(Connection::reconnect);
	}

	/**
	 * A step that arrives is made in its turn, whether anybody waits for it or not.
	 */
	private synchronized <T> @Nullable Answer<T> step(Supplier<@Nullable T> step) {
		if (this.world.happens(Scenario.Incident.STORE_AWAY)) {
			return null;
		}
		this.world.course().step();
		long now = this.world.nanos().getAsLong();
		this.busyUntil = Math.max(now, this.busyUntil) + STEP.toNanos();
		return Answer.of(step.get(), WAY.plusNanos(this.busyUntil - now));
	}

	private void changed(Connection by, StoreChange change) {
		for (Connection connection : this.connections) {
			if (connection != by) {
				this.world.after(WAY, () -> connection.hint(change));
			}
		}
	}

	/**
	 * The way of one replica to the store.
	 */
	final class Connection implements SharedTokenStore {

		private final int number = StoreModel.this.numbers.incrementAndGet();

		private volatile Sinks.Many<StoreChange> hints = newHints();

		private int number() {
			return this.number;
		}

		private static Sinks.Many<StoreChange> newHints() {
			return Sinks.many().multicast().directBestEffort();
		}

		private void hint(StoreChange change) {
			this.hints.tryEmitNext(change);
		}

		private void reconnect() {
			Sinks.Many<StoreChange> broken = this.hints;
			this.hints = newHints();
			broken.tryEmitComplete();
		}

		/**
		 * The replica is gone.
		 */
		void close() {
			StoreModel.this.connections.remove(this);
		}

		private <T> Mono<T> send(Supplier<@Nullable T> step) {
			return StoreModel.this.world.send(WAY, () -> step(step));
		}

		private SaveResult written(SaveResult result, StoreChange change) {
			if (result.isSaved()) {
				changed(this, change);
			}
			return result;
		}

		@Override
		public Mono<StoredTokenSet> load(TokenKey key) {
			return send(() -> record(key).load());
		}

		@Override
		public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
			return send(() -> written(record(key).save(expected, tokenSet), StoreChange.of(key)));
		}

		@Override
		public Mono<Long> remove(TokenKey key) {
			return send(() -> {
				changed(this, StoreChange.of(key));
				return record(key).remove();
			});
		}

		@Override
		public Mono<Claim> claim(TokenKey key, ClaimRequest request) {
			return send(() -> record(key).claim(request));
		}

		@Override
		public Mono<SaveResult> commit(Lease lease, TokenSet tokenSet) {
			return send(() -> written(record(lease.key()).commit(lease, tokenSet),
					new StoreChange(lease.key(), lease.request().renews())));
		}

		@Override
		public Mono<Void> abandon(Lease lease, SharedFailure failure) {
			return send(() -> {
				record(lease.key()).abandon(lease, failure);
				return null;
			});
		}

		@Override
		public Mono<Void> release(Lease lease) {
			return send(() -> {
				record(lease.key()).release(lease);
				return null;
			});
		}

		@Override
		public Flux<StoreChange> changes() {
			return Flux.defer(() -> this.hints.asFlux());
		}

		@Override
		public Duration lease() {
			return LEASE;
		}

	}

}
