package io.github.evertoken.benchmarks.endtoend;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import com.sun.management.OperatingSystemMXBean;
import io.github.evertoken.benchmarks.contender.Authorizer;
import io.github.evertoken.benchmarks.contender.Contender;
import io.github.evertoken.benchmarks.contender.TokenSource;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Measurement;
import io.github.evertoken.benchmarks.stub.Requests;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A client that keeps a number of requests in flight. Arguments: the contender, the port
 * of the {@link LoopbackServer}, and for how many milliseconds to warm up and to measure.
 */
public final class EndToEnd implements Measurement {

	static final int IN_FLIGHT = 64;

	static final String RATE = "requestsPerSecond";

	static final String CPU = "cpuMicros";

	@Override
	public Map<String, Double> measure(List<String> arguments) {
		Contender contender = Contender.valueOf(arguments.get(0));
		String origin = "http://127.0.0.1:" + arguments.get(1);
		Duration warmUp = Duration.ofMillis(Long.parseLong(arguments.get(2)));
		Duration duration = Duration.ofMillis(Long.parseLong(arguments.get(3)));
		TokenSource source = TokenSource.immediate(Duration.ofHours(1));
		try (Authorizer authorizer = contender.create(source, origin)) {
			WebClient client = WebClient.builder()
				.clientConnector(new ReactorClientHttpConnector())
				.filter(authorizer)
				.build();
			URI url = URI.create(origin + (contender.authorizes() ? "/api/items/7" : "/open/items/7"));
			Supplier<Mono<?>> calls = () -> Requests.standard(client, url).retrieve().toBodilessEntity();
			calls.get().block(Duration.ofSeconds(10));
			run(calls, warmUp);
			Map<String, Double> metrics = metrics(calls, duration);
			Check.that(source.calls() <= 1, "%d token calls", source.calls());
			return metrics;
		}
	}

	private static Map<String, Double> metrics(Supplier<Mono<?>> calls, Duration duration) {
		OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		long start = System.nanoTime();
		long cpuStart = process.getProcessCpuTime();
		long count = run(calls, duration);
		long cpu = process.getProcessCpuTime() - cpuStart;
		long took = System.nanoTime() - start;
		return Map.of(RATE, count * 1e9 / took, CPU, cpu / 1e3 / count);
	}

	/**
	 * Make calls. One that is not answered with 200 fails all.
	 */
	private static long run(Supplier<Mono<?>> calls, Duration duration) {
		long deadline = System.nanoTime() + duration.toNanos();
		return Objects.requireNonNull(Flux.<Supplier<Mono<?>>>generate((sink) -> {
			if (System.nanoTime() < deadline) {
				sink.next(calls);
			}
			else {
				sink.complete();
			}
		}).flatMap(Supplier::get, IN_FLIGHT).count().block());
	}

}
