package io.github.evertoken.benchmarks.redis;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenKey;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Measurement;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.store.TokenStore;
import org.HdrHistogram.Histogram;
import reactor.core.publisher.Mono;

/**
 * How long a caller waits for a flight whose issuer answers at once: for the first token
 * of a key, and for the next one after a rejection, which is redeemed. Arguments:
 * {@code memory} or {@code redis}, how many times, and how many times before that to warm
 * up.
 */
public final class FlightTime implements Measurement {

	static final String FIRST = "first";

	static final String NEXT = "next";

	static final String MEMORY = "memory";

	static final String REDIS = "redis";

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final Duration LIFETIME = Duration.ofHours(1);

	@Override
	public Map<String, Double> measure(List<String> arguments) throws Exception {
		if (arguments.get(0).equals(MEMORY)) {
			return measure(TokenStore.inMemory(), arguments);
		}
		try (RedisServer server = new RedisServer(); Connection connection = new Connection(server)) {
			Map<String, Double> metrics = measure(connection.store(), arguments);
			long flights = 2L * (Integer.parseInt(arguments.get(1)) + Integer.parseInt(arguments.get(2)));
			Check.that(server.steps().count() >= 2 * flights, "%d flights had %d steps", flights,
					server.steps().count());
			return metrics;
		}
	}

	private static Map<String, Double> measure(TokenStore store, List<String> arguments) throws IOException {
		try (DefaultTokenManager manager = DefaultTokenManager.builder()
			.store(store)
			.client(ClientSettings.of(Tokens.CLIENT, (request) -> Mono.fromSupplier(() -> Tokens.session(LIFETIME)))
				.storeTimeout(Connection.STORE_TIMEOUT)
				.build())
			.build()) {
			latencies(manager, Integer.parseInt(arguments.get(2)));
			Map<String, Histogram> latencies = latencies(manager, Integer.parseInt(arguments.get(1)));
			Map<String, Double> metrics = new HashMap<>();
			latencies.forEach((what, histogram) -> {
				metrics.put(what + " p50", histogram.getValueAtPercentile(50) / 1e6);
				metrics.put(what + " p99", histogram.getValueAtPercentile(99) / 1e6);
			});
			return metrics;
		}
	}

	private static Map<String, Histogram> latencies(DefaultTokenManager manager, int times) {
		Histogram first = new Histogram(3);
		Histogram next = new Histogram(3);
		for (int i = 0; i < times; i++) {
			TokenKey key = Tokens.newKey();
			AccessToken token = token(manager, key, first);
			Check.that(manager.reject(key, token), "the rejection of a token is of no consequence");
			AccessToken other = token(manager, key, next);
			Check.that(!other.value().equals(token.value()), "a rejected token was not replaced");
		}
		return Map.of(FIRST, first, NEXT, next);
	}

	private static AccessToken token(DefaultTokenManager manager, TokenKey key, Histogram latencies) {
		long start = System.nanoTime();
		AccessToken token = manager.token(key).block(PATIENCE);
		latencies.recordValue(System.nanoTime() - start);
		return Objects.requireNonNull(token);
	}

}
