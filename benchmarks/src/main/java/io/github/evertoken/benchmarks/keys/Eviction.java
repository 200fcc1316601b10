package io.github.evertoken.benchmarks.keys;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.management.JMException;
import javax.management.ObjectName;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Measurement;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.TokenLifecycle;
import reactor.core.publisher.Mono;

/**
 * The memory of a client that is given more subjects than it keeps. Arguments: how many
 * it keeps, and how many it is given.
 * <p>
 * Memory is the growth of the used heap after a full collection, and the keys that are
 * kept are counted on the heap too: whatever still holds an evicted one would be found.
 */
public final class Eviction implements Measurement {

	static final String KEPT = "keptKeys";

	static final String MEBIBYTES = "mebibytes";

	static final String BYTES = "bytesPerKeptKey";

	private static final double TOLERANCE = 1.2;

	private static final Pattern LIFE_CYCLES = Pattern
		.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+" + Pattern.quote(TokenLifecycle.class.getName()) + "(?:\\s|$)");

	@Override
	public Map<String, Double> measure(List<String> arguments) {
		int maximum = Integer.parseInt(arguments.get(0));
		int puts = Integer.parseInt(arguments.get(1));
		try (DefaultTokenManager manager = manager(maximum)) {
			put(manager, 0, 1);
			// What counting needs for itself stays for good.
			long others = lifeCycles() - 1;
			long before = Keys.usedMemory();
			put(manager, 0, maximum);
			long full = Keys.usedMemory() - before;
			put(manager, maximum, puts);
			long used = Keys.usedMemory() - before;
			long kept = lifeCycles() - others;
			Check.that(kept == Math.min(maximum, puts), "%d keys are kept of %d, but %d may be", kept, puts, maximum);
			Check.that(used < full * TOLERANCE, "%d keys hold %d B when all were put, and held %d B before", kept, used,
					full);
			return Map.of(KEPT, (double) kept, MEBIBYTES, used / 1024d / 1024d, BYTES,
					used / (double) kept - 2 * Keys.TOKEN_LENGTH);
		}
	}

	private static DefaultTokenManager manager(int maximum) {
		return DefaultTokenManager.builder()
			.client(ClientSettings
				.of(KeyHolder.CLIENT, (request) -> Mono.error(new IllegalStateException("No token has to be obtained")))
				.maximumSubjects(maximum)
				.build())
			.build();
	}

	private static void put(DefaultTokenManager manager, int from, int to) {
		for (int i = from; i < to; i++) {
			manager
				.put(TokenKey.of(KeyHolder.CLIENT, "subject-" + i),
						TokenSet.withAccessToken(Keys.token("a", i))
							.refreshToken(Keys.token("r", i))
							.expiresIn(Duration.ofHours(1))
							.build())
				.block();
		}
	}

	/**
	 * Count the life-cycles on the heap.
	 */
	private static long lifeCycles() {
		try {
			Object histogram = ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
						new Object[] { new String[0] }, new String[] { String[].class.getName() });
			Matcher line = LIFE_CYCLES.matcher(histogram.toString());
			return line.find() ? Long.parseLong(line.group(1)) : 0;
		}
		catch (JMException ex) {
			throw new IllegalStateException("This JVM counts no objects", ex);
		}
	}

}
