package io.github.evertoken.benchmarks.hotpath;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.evertoken.benchmarks.contender.Authorizer;
import io.github.evertoken.benchmarks.contender.Contender;
import io.github.evertoken.benchmarks.contender.TokenSource;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.CpuTime;
import io.github.evertoken.benchmarks.stub.Answer;
import io.github.evertoken.benchmarks.stub.Caller;
import io.github.evertoken.benchmarks.stub.Requests;
import io.github.evertoken.benchmarks.stub.StubConnector;
import io.github.evertoken.benchmarks.stub.WritingExchange;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * One call with a warm token and without a network, subscribed to its end.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HotPath {

	/**
	 * The filter alone: nothing is written.
	 * @param filter what all threads share
	 * @param thread what each has for itself
	 * @param cpu counts
	 * @return the response
	 */
	@Benchmark
	public ClientResponse filterAlone(Filter filter, PerThread thread, CpuTime cpu) {
		cpu.calls++;
		return thread.caller.call(filter.authorizer.filter(thread.request, thread.nothing));
	}

	/**
	 * The filter, and the headers written to a transport's request: what a filter puts
	 * off shows here.
	 * @param filter what all threads share
	 * @param thread what each has for itself
	 * @param cpu counts
	 * @return the response
	 */
	@Benchmark
	public ClientResponse headersWritten(Filter filter, PerThread thread, CpuTime cpu) {
		cpu.calls++;
		return thread.caller.call(filter.authorizer.filter(thread.request, thread.writing));
	}

	/**
	 * The whole of a {@code WebClient} call.
	 * @param filter what all threads share
	 * @param thread what each has for itself
	 * @param cpu counts
	 * @return the response
	 */
	@Benchmark
	public ResponseEntity<Void> wholeWebClient(Filter filter, PerThread thread, CpuTime cpu) {
		cpu.calls++;
		return thread.entityCaller.call(Requests.standard(thread.client).retrieve().toBodilessEntity());
	}

	/**
	 * What all threads share.
	 */
	@State(Scope.Benchmark)
	@SuppressWarnings("NullAway.Init")
	public static class Filter {

		/**
		 * The contender.
		 */
		@Param
		public Contender contender;

		private TokenSource source;

		private Authorizer authorizer;

		/**
		 * Obtain the token.
		 */
		@Setup
		public void warm() {
			this.source = TokenSource.immediate(Duration.ofHours(1));
			this.authorizer = this.contender.create(this.source, Requests.BASE_URL);
			// Evertoken's flight takes off on another thread.
			this.authorizer.filter(Requests.standard(), new WritingExchange()).block(Duration.ofSeconds(10));
		}

		/**
		 * Check that it was one token for all. The filter is not closed: another thread
		 * may still have to check what it sends.
		 */
		@TearDown
		public void check() {
			int expected = this.contender.authorizes() ? 1 : 0;
			Check.that(this.source.calls() == expected, "%d token calls instead of %d", this.source.calls(), expected);
		}

		void check(@Nullable String authorization) {
			boolean right = this.contender.authorizes()
					? authorization != null && authorization.matches("Bearer t1\\.[0-9]+\\.x+") : authorization == null;
			Check.that(right, "%s wrote Authorization: %s", this.contender, authorization);
		}

	}

	/**
	 * What each thread has for itself.
	 */
	@State(Scope.Thread)
	@SuppressWarnings("NullAway.Init")
	public static class PerThread {

		private final ClientRequest request = Requests.standard();

		private final Mono<ClientResponse> ok = new Answer<>(ClientResponse.create(HttpStatus.OK).build());

		private final ExchangeFunction nothing = (request) -> this.ok;

		private final WritingExchange writing = new WritingExchange();

		private final StubConnector connector = new StubConnector();

		private final Caller<ClientResponse> caller = new Caller<>();

		private final Caller<ResponseEntity<Void>> entityCaller = new Caller<>();

		private WebClient client;

		/**
		 * Build the {@code WebClient}, once as everybody does.
		 * @param filter the filter
		 */
		@Setup
		public void build(Filter filter) {
			this.client = WebClient.builder().clientConnector(this.connector).filter(filter.authorizer).build();
		}

		/**
		 * Check that what was measured sends the token.
		 * @param filter the filter
		 */
		@TearDown
		public void check(Filter filter) {
			this.caller.call(filter.authorizer.filter(this.request, this.writing));
			filter.check(this.writing.authorization());
			this.entityCaller.call(Requests.standard(this.client).retrieve().toBodilessEntity());
			filter.check(this.connector.authorization());
		}

	}

}
