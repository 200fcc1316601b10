package io.github.evertoken.benchmarks.renewal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.evertoken.benchmarks.contender.Authorizer;
import io.github.evertoken.benchmarks.contender.Contender;
import io.github.evertoken.benchmarks.contender.TokenSource;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Measurement;
import io.github.evertoken.benchmarks.stub.Requests;
import org.HdrHistogram.Histogram;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * Steady calls over many lifetimes of a token. Arguments: the contender, the lifetime in
 * seconds, how many milliseconds to warm up, and how many seconds to measure.
 */
public final class Renewal implements Measurement {

	static final Duration TOKEN_CALL = Duration.ofMillis(300);

	static final int RATE = 2_000;

	static final int SLOW = 50;

	private static final Duration LONG_LIFE = Duration.ofHours(1);

	@Override
	public Map<String, Double> measure(List<String> arguments) {
		Contender contender = Contender.valueOf(arguments.get(0));
		Duration lifetime = Duration.ofSeconds(Long.parseLong(arguments.get(1)));
		Duration warmUp = Duration.ofMillis(Long.parseLong(arguments.get(2)));
		Duration duration = Duration.ofSeconds(Long.parseLong(arguments.get(3)));
		TokenSource source = TokenSource.delayed(TOKEN_CALL, contender.renews() ? lifetime : LONG_LIFE);
		SlowExchange exchange = new SlowExchange();
		ClientRequest request = Requests.standard();
		try (Authorizer authorizer = contender.create(source, Requests.BASE_URL)) {
			Supplier<Mono<ClientResponse>> calls = () -> authorizer.filter(request, exchange);
			calls.get().block(Duration.ofSeconds(10));
			new OpenLoop(calls, RATE).run(warmUp);
			int callsBefore = source.calls();
			int expiredBefore = exchange.expired();
			Histogram histogram = new OpenLoop(calls, RATE).run(duration);
			Check.that(exchange.unauthorized() == 0 || !contender.authorizes(), "%d requests without a token",
					exchange.unauthorized());
			int expired = exchange.expired() - expiredBefore;
			Check.that(contender != Contender.EVERTOKEN || expired == 0, "%d expired tokens were sent", expired);
			return metrics(histogram, source.calls() - callsBefore, expired);
		}
	}

	private static Map<String, Double> metrics(Histogram histogram, int tokenCalls, int expired) {
		long total = histogram.getTotalCount();
		long fast = histogram.getCountBetweenValues(0, TimeUnit.MILLISECONDS.toNanos(SLOW));
		return Map.of("p50", histogram.getValueAtPercentile(50) / 1e6, "p99", histogram.getValueAtPercentile(99) / 1e6,
				"p99.9", histogram.getValueAtPercentile(99.9) / 1e6, "max", histogram.getMaxValue() / 1e6, "slow",
				100.0 * (total - fast) / total, "tokenCalls", (double) tokenCalls, "expired", (double) expired);
	}

}
