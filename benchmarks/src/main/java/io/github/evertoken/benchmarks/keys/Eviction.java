package io.github.evertoken.benchmarks.keys;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;

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
 * Memory is that of the objects on the heap, and the keys that are kept are counted there
 * too: whatever still holds an evicted one would be found.
 */
public final class Eviction implements Measurement {

	static final String KEPT = "keptKeys";

	static final String MEBIBYTES = "mebibytes";

	static final String BYTES = "bytesPerKeptKey";

	private static final double TOLERANCE = 1.05;

	@Override
	public Map<String, Double> measure(List<String> arguments) {
		int maximum = Integer.parseInt(arguments.get(0));
		int puts = Integer.parseInt(arguments.get(1));
		rehearse(maximum);
		try (DefaultTokenManager manager = manager(maximum)) {
			Heap empty = Heap.count();
			put(manager, 0, maximum);
			long full = Heap.count().bytes() - empty.bytes();
			put(manager, maximum, puts);
			Heap end = Heap.count();
			long used = end.bytes() - empty.bytes();
			long kept = end.lifeCycles() - empty.lifeCycles();
			Check.that(kept == Math.min(maximum, puts), "%d keys are kept of %d, but %d may be", kept, puts, maximum);
			Check.that(used < full * TOLERANCE, "%d keys hold %d B when all were put, and held %d B before", kept, used,
					full);
			return Map.of(KEPT, (double) kept, MEBIBYTES, used / 1024d / 1024d, BYTES,
					used / (double) kept - 2 * Keys.TOKEN_LENGTH);
		}
	}

	/**
	 * Do all of it once: what is made only once would be taken for the memory of keys.
	 */
	private static void rehearse(int maximum) {
		try (DefaultTokenManager manager = manager(maximum)) {
			put(manager, 0, 2 * maximum);
			Heap.count();
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
	 * The objects on the heap that are not garbage.
	 *
	 * @param bytes what all take
	 * @param lifeCycles how many keys are among them
	 */
	private record Heap(long bytes, long lifeCycles) {

		// A class: number, instances, bytes, name. The end: "Total", instances, bytes.
		private static final int INSTANCES = 1;

		private static final int BYTES = 2;

		private static final int NAME = 3;

		/**
		 * Count after a full collection.
		 */
		static Heap count() {
			try {
				String histogram = (String) ManagementFactory.getPlatformMBeanServer()
					.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
							new Object[] { new String[0] }, new String[] { String[].class.getName() });
				List<String[]> lines = histogram.lines().map((line) -> line.trim().split("\\s+")).toList();
				long bytes = lines.stream()
					.filter((line) -> line[0].equals("Total"))
					.mapToLong((line) -> Long.parseLong(line[BYTES]))
					.sum();
				long lifeCycles = lines.stream()
					.filter((line) -> line.length > NAME && line[NAME].equals(TokenLifecycle.class.getName()))
					.mapToLong((line) -> Long.parseLong(line[INSTANCES]))
					.sum();
				return new Heap(bytes, lifeCycles);
			}
			catch (JMException ex) {
				throw new IllegalStateException("This JVM counts no objects", ex);
			}
		}

	}

}
