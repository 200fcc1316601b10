package io.github.evertoken.benchmarks.stampede;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.evertoken.benchmarks.contender.Authorizer;
import io.github.evertoken.benchmarks.contender.Contender;
import io.github.evertoken.benchmarks.contender.TokenSource;
import io.github.evertoken.benchmarks.harness.Allocation;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Measurement;
import io.github.evertoken.benchmarks.harness.Waiting;
import io.github.evertoken.benchmarks.stub.Requests;
import io.github.evertoken.benchmarks.stub.WritingExchange;

/**
 * A crowd that meets a contender without a usable token, after some that were not
 * measured. Arguments: the contender, the size of the crowd, how many crowds come before,
 * and whether there was a token that has expired.
 */
public final class Stampede implements Measurement {

	static final Duration TOKEN_CALL = Duration.ofMillis(100);

	static final String TOKEN_CALLS = "tokenCalls";

	static final String LAST = "lastMs";

	static final String BYTES = "bytesPerCaller";

	private static final Duration LONG_LIFE = Duration.ofHours(1);

	private static final Duration SHORT_LIFE = Duration.ofSeconds(1);

	@Override
	public Map<String, Double> measure(List<String> arguments) {
		Contender contender = Contender.valueOf(arguments.get(0));
		int size = Integer.parseInt(arguments.get(1));
		int before = Integer.parseInt(arguments.get(2));
		boolean expired = Boolean.parseBoolean(arguments.get(3));
		for (int i = 0; i < before; i++) {
			stampede(contender, size, false);
		}
		return stampede(contender, size, expired);
	}

	private Map<String, Double> stampede(Contender contender, int size, boolean expired) {
		TokenSource source = TokenSource.delayed(TOKEN_CALL, expired ? SHORT_LIFE : LONG_LIFE);
		try (Authorizer authorizer = contender.create(source, Requests.BASE_URL)) {
			if (expired && contender.renews()) {
				letExpire(source, authorizer);
			}
			return measure(contender, source, new Crowd(authorizer, size), size);
		}
	}

	/**
	 * Obtain a token and let it expire, and with it what a renewal may have put in its
	 * place: nobody calls any more.
	 */
	private static void letExpire(TokenSource source, Authorizer authorizer) {
		authorizer.filter(Requests.standard(), new WritingExchange()).block();
		Waiting.until(source::isExpired, Duration.ofSeconds(30), "all tokens have expired");
		source.issueFor(LONG_LIFE);
	}

	private static Map<String, Double> measure(Contender contender, TokenSource source, Crowd crowd, int size) {
		int callsBefore = source.calls();
		Allocation allocation = Allocation.start();
		long start = System.nanoTime();
		crowd.come();
		crowd.leave();
		long bytes = allocation.bytes();
		long last = crowd.lastAnswer();
		int calls = source.calls() - callsBefore;
		Check.that(!contender.sharesCalls() || calls == 1, "%s called for %d tokens", contender, calls);
		return Map.of(TOKEN_CALLS, (double) calls, LAST, (last - start) / 1e6, BYTES, bytes / (double) size);
	}

}
