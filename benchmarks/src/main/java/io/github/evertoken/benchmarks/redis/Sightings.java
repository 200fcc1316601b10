package io.github.evertoken.benchmarks.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Measurement;
import io.github.evertoken.benchmarks.harness.Waiting;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.KeyStatus;
import io.github.evertoken.store.SharedTokenStore;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * How soon one replica sees what was done at another one: from before the call until it
 * no longer has the old token. Arguments: {@code remove} or {@code put}, how many times,
 * and how many times before that to warm up.
 */
public final class Sightings implements Measurement {

	static final String REMOVE = "remove";

	static final String PUT = "put";

	/**
	 * What is promised, in milliseconds.
	 */
	static final long PROMISED_MILLIS = 1_000;

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final Duration LIFETIME = Duration.ofHours(1);

	/**
	 * So many are made one after the other before it is waited for them: each takes half
	 * a second at most.
	 */
	static final int AT_ONCE = 20;

	/**
	 * So that they come to replicas that are at rest.
	 */
	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

	@Override
	public Map<String, Double> measure(List<String> arguments) throws Exception {
		boolean remove = arguments.get(0).equals(REMOVE);
		try (RedisServer server = new RedisServer();
				Connection here = new Connection(server);
				Connection there = new Connection(server);
				DefaultTokenManager manager = manager(here.store());
				DefaultTokenManager other = manager(there.store())) {
			Waiting.until(() -> listeners(server) == 2, PATIENCE, "both replicas listen");
			latencies(manager, other, remove, Integer.parseInt(arguments.get(2)));
			Histogram histogram = latencies(manager, other, remove, Integer.parseInt(arguments.get(1)));
			long soon = histogram.getCountBetweenValues(0, TimeUnit.MILLISECONDS.toNanos(PROMISED_MILLIS));
			return Map.of("p50", histogram.getValueAtPercentile(50) / 1e6, "p99",
					histogram.getValueAtPercentile(99) / 1e6, "max", histogram.getMaxValue() / 1e6, "late",
					(double) histogram.getTotalCount() - soon);
		}
	}

	private static long listeners(RedisServer server) {
		return server.commands().pubsubNumsub("evertoken:changes").getOrDefault("evertoken:changes", 0L);
	}

	private static DefaultTokenManager manager(SharedTokenStore store) {
		return DefaultTokenManager.builder()
			.store(store)
			.client(ClientSettings
				.of(Tokens.CLIENT,
						(request) -> Mono.error(() -> new ReauthenticationRequiredException(request.key(),
								"nobody is logged in", null, null, null)))
				.storeTimeout(Connection.STORE_TIMEOUT)
				.build())
			.build();
	}

	private static Histogram latencies(DefaultTokenManager manager, DefaultTokenManager other, boolean remove,
			int times) {
		Histogram histogram = new Histogram(3);
		while (histogram.getTotalCount() < times) {
			List<Change> changes = Stream.generate(() -> new Change(manager, other, remove)).limit(AT_ONCE).toList();
			LockSupport.parkNanos(PAUSE);
			changes.forEach(Change::make);
			Waiting.until(() -> areSeen(changes), PATIENCE, "all is seen");
			changes.forEach((change) -> histogram.recordValue(change.took()));
		}
		return histogram;
	}

	/**
	 * Look at all of them, so that none waits for another one.
	 */
	private static boolean areSeen(List<Change> changes) {
		return changes.stream().mapToInt((change) -> change.isSeen() ? 1 : 0).sum() == changes.size();
	}

	/**
	 * One change, of the token of a key that both replicas have.
	 */
	private static final class Change {

		private final TokenKey key = Tokens.newKey();

		private final TokenSet former = Tokens.session(LIFETIME);

		private final TokenSet next = Tokens.session(LIFETIME);

		private final DefaultTokenManager manager;

		private final DefaultTokenManager other;

		private final boolean remove;

		private long start;

		private long seen;

		Change(DefaultTokenManager manager, DefaultTokenManager other, boolean remove) {
			this.manager = manager;
			this.other = other;
			this.remove = remove;
			manager.put(this.key, this.former).block(PATIENCE);
			String held = Objects.requireNonNull(other.token(this.key).block(PATIENCE)).value();
			Check.that(held.equals(this.former.accessToken()), "another replica has not the token that was put");
		}

		void make() {
			this.start = System.nanoTime();
			(this.remove ? this.manager.remove(this.key) : this.manager.put(this.key, this.next)).subscribe();
		}

		boolean isSeen() {
			if (this.seen == 0) {
				String token = tokenOf(this.other, this.key);
				if (Objects.equals(token, this.former.accessToken())) {
					return false;
				}
				this.seen = System.nanoTime();
				Check.that(Objects.equals(token, this.remove ? null : this.next.accessToken()),
						"another replica has neither the token that was put nor none");
			}
			return true;
		}

		long took() {
			return this.seen - this.start;
		}

		private static @Nullable String tokenOf(DefaultTokenManager manager, TokenKey key) {
			KeyStatus status = manager.status(key);
			AccessToken token = (status != null) ? status.token() : null;
			return (token != null) ? token.value() : null;
		}

	}

}
