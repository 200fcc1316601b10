package io.github.evertoken.benchmarks.keys;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Measurement;

/**
 * The memory and the look-up of many keys. Arguments: who holds them, how many there are,
 * how many there are at least in all holders together, and for how many milliseconds to
 * look up.
 * <p>
 * Memory is the growth of the used heap after a full collection. To tell the size of a
 * few keys, as many holders are filled as it takes to see them.
 */
public final class Keys implements Measurement {

	static final int TOKEN_LENGTH = 100;

	static final String BYTES = "bytesPerKey";

	static final String TIME = "nsPerLookUp";

	private static final int BATCH = 1_000;

	@Override
	public Map<String, Double> measure(List<String> arguments) {
		KeyHolder.Kind kind = KeyHolder.Kind.valueOf(arguments.get(0));
		int keys = Integer.parseInt(arguments.get(1));
		int holders = Math.max(1, Integer.parseInt(arguments.get(2)) / keys);
		Duration duration = Duration.ofMillis(Long.parseLong(arguments.get(3)));
		String[] subjects = IntStream.range(0, keys).mapToObj((i) -> "subject-" + i).toArray(String[]::new);
		fill(kind.create(), subjects, 1);
		long before = usedMemory();
		List<KeyHolder> filled = new ArrayList<>(holders);
		for (int i = 0; i < holders; i++) {
			KeyHolder holder = kind.create();
			fill(holder, subjects, keys);
			filled.add(holder);
		}
		double bytes = (usedMemory() - before) / (double) keys / holders - TOKEN_LENGTH;
		double time = lookUp(filled.get(0), subjects, duration);
		return Map.of(BYTES, bytes, TIME, time);
	}

	private static void fill(KeyHolder holder, String[] subjects, int count) {
		Instant now = Instant.now();
		Instant expiresAt = now.plus(Duration.ofHours(1));
		for (int i = 0; i < count; i++) {
			holder.put(subjects[i], token("t", i), now, expiresAt);
		}
	}

	/**
	 * Return a token of which there is no second one.
	 */
	static String token(String prefix, int number) {
		return (prefix + number + ".").concat("x".repeat(TOKEN_LENGTH)).substring(0, TOKEN_LENGTH);
	}

	static long usedMemory() {
		for (int i = 0; i < 3; i++) {
			System.gc();
		}
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private static double lookUp(KeyHolder holder, String[] subjects, Duration duration) {
		lookUpFor(holder, subjects, duration);
		return lookUpFor(holder, subjects, duration);
	}

	private static double lookUpFor(KeyHolder holder, String[] subjects, Duration duration) {
		SplittableRandom random = new SplittableRandom(7);
		long start = System.nanoTime();
		long count = 0;
		long usable = 0;
		long took;
		do {
			for (int i = 0; i < BATCH; i++) {
				String subject = subjects[random.nextInt(subjects.length)];
				usable += holder.isUsable(subject) ? 1 : 0;
			}
			count += BATCH;
			took = System.nanoTime() - start;
		}
		while (took < duration.toNanos());
		Check.that(usable == count, "%d of %d tokens were not usable", count - usable, count);
		return took / (double) count;
	}

}
