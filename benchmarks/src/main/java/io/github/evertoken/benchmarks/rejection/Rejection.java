package io.github.evertoken.benchmarks.rejection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.evertoken.benchmarks.contender.TokenSource;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.CpuTime;
import io.github.evertoken.benchmarks.stub.Caller;
import io.github.evertoken.benchmarks.stub.Requests;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;

/**
 * One call whose token is rejected: a 401, and a second exchange that is answered with
 * 200.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Rejection {

	/**
	 * The call.
	 * @param call what is called
	 * @param cpu counts
	 * @return the second response
	 */
	@Benchmark
	public ClientResponse rejectedOnce(Call call, CpuTime cpu) {
		cpu.calls++;
		call.exchange.expectNewCall();
		ClientResponse response = call.caller.call(call.filter.filter(call.request, call.exchange));
		Check.that(response.statusCode() == HttpStatus.OK, "answered with %s", response.statusCode());
		return response;
	}

	/**
	 * What is called.
	 */
	@State(Scope.Thread)
	@SuppressWarnings("NullAway.Init")
	public static class Call {

		private final ClientRequest request = Requests.standard();

		private final Caller<ClientResponse> caller = new Caller<>();

		/**
		 * The contender.
		 */
		@Param
		public RejectionContender contender;

		private ExchangeFilterFunction filter;

		private RejectingExchange exchange;

		/**
		 * Obtain the first token.
		 */
		@Setup
		public void warm() {
			this.filter = this.contender.create(TokenSource.immediate(Duration.ofHours(1)));
			this.exchange = new RejectingExchange(this.contender.renews());
			this.exchange.expectNewCall();
			this.caller.call(this.filter.filter(this.request, this.exchange));
		}

	}

}
