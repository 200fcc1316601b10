package io.github.evertoken.web;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;

import com.sun.management.ThreadMXBean;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps the hot path light: what the filter alone allocates for a call whose token is
 * usable. Bytes are the same on every machine, busy or not, which time is not.
 */
class AllocationTests {

	/**
	 * The most that one call may allocate, the caller's subscriber and what the exchange
	 * itself needs to answer included.
	 */
	private static final long MOST_BYTES = 256;

	private static final int CALLS = 10_000;

	private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.client(ClientSettings
			.of("inventory",
					(request) -> Mono
						.just(TokenSet.withAccessToken("x".repeat(1000)).expiresIn(Duration.ofHours(1)).build()))
			.build())
		.build();

	private final TokenExchangeFilterFunction filter = new TokenExchangeFilterFunction(this.manager,
			ClientSelector.builder().add(BaseUrl.of("https://inventory.internal/api"), "inventory").build());

	private final ClientRequest request = ClientRequest
		.create(HttpMethod.GET, URI.create("https://inventory.internal/api/items/7"))
		.headers((headers) -> headers.set("Accept", "application/json"))
		.build();

	private final ClientResponse response = ClientResponse.create(HttpStatus.OK).build();

	private final ExchangeFunction exchange = (request) -> new Answer(this.response);

	private int answers;

	@BeforeEach
	void obtainToken() {
		this.manager.start(TokenKey.of("inventory")).block(Duration.ofMinutes(1));
	}

	@AfterEach
	void close() {
		this.manager.close();
	}

	@Test
	void filterWhenTokenIsUsableThenAllocatesLittle() {
		call(CALLS);
		long before = threads.getCurrentThreadAllocatedBytes();
		call(CALLS);
		long bytes = threads.getCurrentThreadAllocatedBytes() - before;
		assertThat(this.answers).isEqualTo(2 * CALLS);
		assertThat(bytes / CALLS).as("bytes per call").isBetween(1L, MOST_BYTES);
	}

	private void call(int times) {
		for (int i = 0; i < times; i++) {
			this.filter.filter(this.request, this.exchange).subscribe(new Caller());
		}
	}

	private final class Caller extends BaseSubscriber<ClientResponse> {

		@Override
		protected void hookOnNext(ClientResponse response) {
			AllocationTests.this.answers++;
		}

	}

	/**
	 * Answers at once, but without being a {@code Mono.just}, for which operators take
	 * short cuts that a real exchange never gives them.
	 */
	private static final class Answer extends Mono<ClientResponse> {

		private final ClientResponse response;

		Answer(ClientResponse response) {
			this.response = response;
		}

		@Override
		public void subscribe(CoreSubscriber<? super ClientResponse> actual) {
			actual.onSubscribe(Operators.scalarSubscription(actual, this.response));
		}

	}

}
