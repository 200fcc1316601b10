package io.github.evertoken.web;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;

import com.sun.management.ThreadMXBean;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.observation.FlightObservations;
import io.github.evertoken.observation.TokenMeterConvention;
import io.github.evertoken.observation.TokenMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
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
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

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

	private static final long LESS_THAN_AN_OBJECT = 8;

	private static final int CALLS = 10_000;

	private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final ClientSettings CLIENT = ClientSettings
		.of("inventory",
				(request) -> Mono
					.just(TokenSet.withAccessToken("x".repeat(1000)).expiresIn(Duration.ofHours(1)).build()))
		.build();

	private final ClientRequest request = ClientRequest
		.create(HttpMethod.GET, URI.create("https://inventory.internal/api/items/7"))
		.headers((headers) -> headers.set("Accept", "application/json"))
		.build();

	private final ClientResponse response = ClientResponse.create(HttpStatus.OK).build();

	private final ExchangeFunction exchange = (request) -> new Answer(this.response);

	private int answers;

	@Test
	void filterWhenTokenIsUsableThenAllocatesLittle() {
		try (DefaultTokenManager manager = DefaultTokenManager.builder().client(CLIENT).build()) {
			assertThat(bytesPerCall(manager)).isBetween(1L, MOST_BYTES);
		}
	}

	@Test
	void filterWhenTokenIsUsableAndMeasuredThenAllocatesNotAByteMore() {
		MeterRegistry registry = new SimpleMeterRegistry();
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(registry));
		TokenMeters meters = new TokenMeters(registry, TokenMeterConvention.DEFAULT);
		try (DefaultTokenManager plain = DefaultTokenManager.builder().client(CLIENT).build();
				DefaultTokenManager measured = DefaultTokenManager.builder()
					.client(CLIENT)
					.observer(meters)
					.observer(new FlightObservations(observations, null))
					.build()) {
			meters.bind(measured.clients(), measured::status);
			assertThat(bytesPerCall(measured)).isBetween(1L, MOST_BYTES)
				.isCloseTo(bytesPerCall(plain), within(LESS_THAN_AN_OBJECT));
			// The flight that brought the token is measured, the calls are not.
			await().atMost(Duration.ofMinutes(1))
				.untilAsserted(() -> assertThat(registry.get("evertoken.flight").timer().count()).isEqualTo(1));
			assertThat(registry.get("evertoken.wait").timers()).allSatisfy((wait) -> assertThat(wait.count()).isZero());
		}
	}

	private long bytesPerCall(DefaultTokenManager manager) {
		TokenExchangeFilterFunction filter = new TokenExchangeFilterFunction(manager,
				ClientSelector.builder().add(BaseUrl.of("https://inventory.internal/api"), "inventory").build());
		manager.start(TokenKey.of("inventory")).block(Duration.ofMinutes(1));
		this.answers = 0;
		call(filter, CALLS);
		long before = threads.getCurrentThreadAllocatedBytes();
		call(filter, CALLS);
		long bytes = threads.getCurrentThreadAllocatedBytes() - before;
		assertThat(this.answers).isEqualTo(2 * CALLS);
		return bytes / CALLS;
	}

	private void call(TokenExchangeFilterFunction filter, int times) {
		for (int i = 0; i < times; i++) {
			filter.filter(this.request, this.exchange).subscribe(new Caller());
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
