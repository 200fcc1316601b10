package io.github.evertoken.benchmarks.stampede;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.evertoken.benchmarks.contender.Authorizer;
import io.github.evertoken.benchmarks.contender.Contender;
import io.github.evertoken.benchmarks.contender.Gate;
import io.github.evertoken.benchmarks.contender.TokenSource;
import io.github.evertoken.benchmarks.harness.Allocation;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Measurement;
import io.github.evertoken.benchmarks.harness.Waiting;
import io.github.evertoken.benchmarks.stub.Requests;

/**
 * A crowd that waits for a token which only comes when all are there: what one more
 * caller costs, however many there are. The token call's own time is not counted.
 * Arguments: the contender, the size of the crowd, how many callers come in all crowds
 * together, and how many crowds there are at most.
 */
public final class Gathering implements Measurement {

	static final String BYTES = "bytesPerCaller";

	static final String TIME = "nsPerCaller";

	private static final Duration LONG_LIFE = Duration.ofHours(1);

	private static final int WARM_UP = 1_000;

	@Override
	public Map<String, Double> measure(List<String> arguments) {
		Contender contender = Contender.valueOf(arguments.get(0));
		int size = Integer.parseInt(arguments.get(1));
		int callers = Integer.parseInt(arguments.get(2));
		int mostCrowds = Integer.parseInt(arguments.get(3));
		for (int i = 0; i < callers / WARM_UP; i++) {
			gather(contender, WARM_UP);
		}
		int crowds = Math.max(1, Math.min(mostCrowds, callers / size));
		List<Cost> costs = new ArrayList<>();
		for (int i = 0; i < crowds; i++) {
			costs.add(gather(contender, size));
		}
		// What happens once for each crowd needs crowds to get warm, not callers.
		costs = costs.subList(crowds / 2, crowds);
		return Map.of(BYTES, median(costs.stream().map(Cost::bytes).toList()) / size, TIME,
				median(costs.stream().map(Cost::nanos).toList()) / size);
	}

	private static double median(List<Long> values) {
		return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
	}

	private static Cost gather(Contender contender, int size) {
		Gate gate = new Gate();
		TokenSource source = contender.renews() ? TokenSource.gated(gate, LONG_LIFE) : TokenSource.immediate(LONG_LIFE);
		try (Authorizer authorizer = contender.create(source, Requests.BASE_URL)) {
			return gather(contender, gate, new Crowd(authorizer, size), size);
		}
	}

	private static Cost gather(Contender contender, Gate gate, Crowd crowd, int size) {
		int calls = contender.sharesCalls() ? 1 : contender.renews() ? size : 0;
		Allocation allocation = Allocation.start();
		long start = System.nanoTime();
		crowd.come();
		long came = System.nanoTime();
		Waiting.until(() -> gate.waiting() >= calls, Duration.ofSeconds(60), "the token call has begun");
		long opened = System.nanoTime();
		gate.open();
		crowd.leave();
		long bytes = allocation.bytes();
		Check.that(gate.waiting() == calls, "%d token calls instead of %d", gate.waiting(), calls);
		long left = Math.max(0, crowd.lastAnswer() - opened);
		return new Cost(came - start + left, bytes);
	}

	private record Cost(long nanos, long bytes) {

	}

}
