package io.github.evertoken.benchmarks.events;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Measurement;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.RenewalAnswer;
import org.HdrHistogram.Histogram;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Lets something happen again and again to the token of an application, and measures from
 * the moment before the call that makes it happen until the first event of it has been
 * read from the stream. Arguments: the stack, how many times, and how many times before
 * that to warm up.
 */
public final class Events implements Measurement {

	/**
	 * How soon the first event is to be there.
	 */
	static final long SOON_MILLIS = 200;

	static final String PUT = "put";

	static final String RENEWAL = "renewal";

	private static final TokenKey KEY = TokenKey.of(EventsApplication.CLIENT);

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	/**
	 * So that each event comes to a stream that is at rest.
	 */
	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

	@Override
	public Map<String, Double> measure(List<String> arguments) throws Exception {
		int times = Integer.parseInt(arguments.get(1));
		int warmUp = Integer.parseInt(arguments.get(2));
		try (ConfigurableApplicationContext context = EventsApplication
			.start(WebApplicationType.valueOf(arguments.get(0)))) {
			String port = context.getEnvironment().getRequiredProperty("local.server.port");
			TokenManager manager = context.getBean(TokenManager.class);
			DefaultTokenManager behind = Objects
				.requireNonNull(DelegatingTokenManager.find(manager, DefaultTokenManager.class));
			Happening put = () -> manager.put(KEY, EventsApplication.token()).block(PATIENCE);
			Happening renewal = () -> renew(behind);
			try (EventReader reader = EventReader.open("http://127.0.0.1:" + port + "/actuator/evertoken/events")) {
				latencies(reader, put, "\"type\":\"issued\"", warmUp);
				latencies(reader, renewal, "\"type\":\"flight-started\"", warmUp);
				Map<String, Double> metrics = new HashMap<>();
				add(metrics, PUT, latencies(reader, put, "\"type\":\"issued\"", times));
				add(metrics, RENEWAL, latencies(reader, renewal, "\"type\":\"flight-started\"", times));
				return metrics;
			}
		}
	}

	private static void renew(DefaultTokenManager manager) {
		RenewalAnswer answer = manager.renew(KEY);
		Check.that(answer == RenewalAnswer.STARTED, "a renewal was answered with %s", answer);
	}

	private static Histogram latencies(EventReader reader, Happening happening, String event, int times)
			throws Exception {
		Histogram histogram = new Histogram(3);
		for (int i = 0; i < times; i++) {
			LockSupport.parkNanos(PAUSE);
			reader.clear();
			long start = System.nanoTime();
			happening.happen();
			histogram.recordValue(Math.max(0, reader.await(event) - start));
			if (event.contains("flight-started")) {
				reader.await("\"type\":\"flight-ended\"");
			}
		}
		return histogram;
	}

	private static void add(Map<String, Double> metrics, String what, Histogram histogram) {
		metrics.put(what + " p50", histogram.getValueAtPercentile(50) / 1e6);
		metrics.put(what + " p99", histogram.getValueAtPercentile(99) / 1e6);
		metrics.put(what + " max", histogram.getMaxValue() / 1e6);
		long soon = histogram.getCountBetweenValues(0, TimeUnit.MILLISECONDS.toNanos(SOON_MILLIS));
		metrics.put(what + " late", (double) histogram.getTotalCount() - soon);
	}

	@FunctionalInterface
	private interface Happening {

		void happen() throws Exception;

	}

}
