package io.github.evertoken.web;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.client.reactive.ClientHttpRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BodyWatch}.
 */
@Tag("RJ-7")
class BodyWatchTests {

	private static final Mono<DataBuffer> BUFFER = Mono
		.fromSupplier(() -> DefaultDataBufferFactory.sharedInstance.wrap("x".getBytes(StandardCharsets.UTF_8)));

	private static final Flux<DataBuffer> BROKEN = Flux.concat(BUFFER, Mono.error(new IllegalStateException("body")));

	private final BodyWatch watch = new BodyWatch();

	/**
	 * A request that reads its body, and then fails for a reason of its own.
	 */
	private final ClientHttpRequest broken = (ClientHttpRequest) Proxy.newProxyInstance(getClass().getClassLoader(),
			new Class<?>[] { ClientHttpRequest.class },
			(proxy, method, arguments) -> ((arguments != null) ? Flux.from((Publisher<?>) arguments[0]) : Flux.empty())
				.concatMap((part) -> (part instanceof Publisher<?> inner) ? Flux.from(inner) : Flux.just(part))
				.then(Mono.error(new IllegalStateException("reset"))));

	private String failureOf(Function<ClientHttpRequest, Mono<Void>> writing) {
		return this.watch.write(this.broken, writing)
			.materialize()
			.map((signal) -> String.valueOf(signal.getThrowable().getMessage()))
			.block(Duration.ofMinutes(1));
	}

	@Test
	void writeWhenTheConnectionFailsThenTheBodyHasNot() {
		assertThat(failureOf((request) -> request.writeWith(BUFFER))).isEqualTo("reset");
		assertThat(failureOf((request) -> request.writeAndFlushWith(Flux.just(BUFFER, BUFFER)))).isEqualTo("reset");
		assertThat(failureOf(ClientHttpRequest::setComplete)).isEqualTo("reset");
		assertThat(this.watch.hasFailed()).isFalse();
	}

	@Test
	void writeWhenTheBodyFailsThenItHas() {
		assertThat(failureOf((request) -> request.writeWith(BROKEN))).isEqualTo("body");
		assertThat(this.watch.hasFailed()).isTrue();
	}

	@Test
	void writeWhenAPieceOfTheBodyFailsThenItHas() {
		assertThat(failureOf((request) -> request.writeAndFlushWith(Flux.just(BUFFER, BROKEN)))).isEqualTo("body");
		assertThat(this.watch.hasFailed()).isTrue();
	}

	@Test
	void writeWhenThePiecesFailThenTheBodyHas() {
		assertThat(failureOf((request) -> request
			.writeAndFlushWith(Flux.concat(Mono.just(BUFFER), Mono.error(new IllegalStateException("body"))))))
			.isEqualTo("body");
		assertThat(this.watch.hasFailed()).isTrue();
	}

	@Test
	void writeWhenThereIsNothingToSendYetThenTheBodyHasFailed() {
		assertThat(failureOf((request) -> Mono.error(new IllegalStateException("inserter")))).isEqualTo("inserter");
		assertThat(this.watch.hasFailed()).isTrue();
	}

}
