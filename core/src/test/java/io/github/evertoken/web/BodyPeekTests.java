package io.github.evertoken.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.test.subscriber.TestSubscriber;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ClientResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BodyPeek}, with a body whose every buffer is accounted for.
 */
@Tag("RJ-4")
class BodyPeekTests {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private final List<Long> requests = new ArrayList<>();

	private final List<ByteBuf> buffers = new ArrayList<>();

	private boolean cancelled;

	/**
	 * Return a body of a hundred buffers of 1,000 bytes.
	 */
	private Flux<DataBuffer> body() {
		NettyDataBufferFactory factory = new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT);
		return Flux.<DataBuffer>generate((sink) -> {
			if (this.buffers.size() == 100) {
				sink.complete();
				return;
			}
			ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer(1000);
			buffer.writeBytes("x".repeat(1000).getBytes(StandardCharsets.UTF_8));
			this.buffers.add(buffer);
			sink.next(factory.wrap(buffer));
		}).doOnRequest(this.requests::add).doOnCancel(() -> this.cancelled = true);
	}

	private static BodyPeek peekAt(Flux<DataBuffer> body) {
		return new BodyPeek(ClientResponse.create(HttpStatus.FORBIDDEN).body(body).build(), LIMIT);
	}

	private static ClientResponse read(BodyPeek peek) {
		ClientResponse whole = peek.read().block(LIMIT);
		assertThat(whole).isNotNull();
		return whole;
	}

	private static TestSubscriber<DataBuffer> subscribe(ClientResponse whole, long demand) {
		TestSubscriber<DataBuffer> subscriber = TestSubscriber.builder().initialRequest(demand).build();
		whole.body(BodyExtractors.toDataBuffers()).subscribe(subscriber);
		return subscriber;
	}

	/**
	 * Assert that nothing leaks when whoever reads goes and releases what it has got.
	 */
	private void assertReleasedBy(TestSubscriber<DataBuffer> reader) {
		reader.cancel();
		reader.getReceivedOnNext().forEach(DataBufferUtils::release);
		assertThat(unreleased()).isZero();
	}

	private long unreleased() {
		return this.buffers.stream().filter((buffer) -> buffer.refCnt() > 0).count();
	}

	@Test
	void readThenAsksForOneBufferAtATimeUntilThereAreEightKibibytes() {
		BodyPeek peek = peekAt(body());
		read(peek);
		assertThat(this.requests).hasSize(9).containsOnly(1L);
		assertThat(this.buffers).hasSize(9);
		assertThat(peek.text()).hasSize(8192);
		peek.discard();
		assertThat(unreleased()).isZero();
	}

	@Test
	void readWhenTheBeginningIsExactlyEightKibibytesThenAsksForNoMore() {
		BodyPeek peek = peekAt(body().map((buffer) -> buffer.write("x".repeat(24), StandardCharsets.UTF_8)));
		read(peek);
		assertThat(this.buffers).hasSize(8);
		peek.discard();
		assertThat(unreleased()).isZero();
	}

	@Test
	void bodyWhenItsReaderAsksByAndByThenGetsWhatHasComeAndThenTheRest() {
		TestSubscriber<DataBuffer> reader = subscribe(read(peekAt(body())), 0);
		this.requests.clear();
		reader.request(4);
		reader.request(5);
		assertThat(reader.getReceivedOnNext()).hasSize(9);
		assertThat(this.requests).isEmpty();
		reader.request(3);
		reader.request(2);
		assertThat(this.requests).containsExactly(3L, 2L);
		assertThat(reader.getReceivedOnNext()).hasSize(14)
			.allSatisfy((buffer) -> assertThat(buffer.readableByteCount()).isEqualTo(1000));
		assertReleasedBy(reader);
	}

	@Test
	void bodyWhenItsReaderAsksForMoreThanHasComeThenTheDifferenceIsAskedFor() {
		TestSubscriber<DataBuffer> reader = subscribe(read(peekAt(body())), 0);
		this.requests.clear();
		reader.request(20);
		assertThat(reader.getReceivedOnNext()).hasSize(20);
		assertThat(this.requests).containsExactly(11L);
		assertReleasedBy(reader);
	}

	@Test
	void bodyWhenItsReaderAsksForAllThenAllIsAskedFor() {
		TestSubscriber<DataBuffer> reader = subscribe(read(peekAt(body().take(30))), Long.MAX_VALUE);
		assertThat(reader.getReceivedOnNext()).hasSize(30);
		assertThat(reader.isTerminatedComplete()).isTrue();
		assertReleasedBy(reader);
	}

	@Test
	@Tag("RJ-5")
	void bodyWhenItsReaderCancelsThenIsCancelledAndWhatHasComeIsReleased() {
		TestSubscriber<DataBuffer> reader = subscribe(read(peekAt(body())), 2);
		reader.cancel();
		assertThat(this.cancelled).isTrue();
		reader.getReceivedOnNext().forEach(DataBufferUtils::release);
		assertThat(reader.getReceivedOnNext()).hasSize(2);
		assertThat(unreleased()).isZero();
	}

	@Test
	@Tag("RJ-5")
	void bodyWhenABufferComesAfterTheCancellationThenIsReleased() {
		AtomicReference<Subscriber<? super DataBuffer>> late = new AtomicReference<>();
		ClientResponse response = ClientResponse.create(HttpStatus.FORBIDDEN)
			.body(Flux.from((Publisher<DataBuffer>) (subscriber) -> {
				late.set(subscriber);
				subscriber.onSubscribe(Operators.emptySubscription());
			}))
			.build();
		BodyPeek peek = new BodyPeek(response, LIMIT);
		peek.read().subscribe();
		peek.discard();
		body().take(1).subscribe(late.get()::onNext);
		assertThat(this.buffers).hasSize(1);
		assertThat(unreleased()).isZero();
	}

	@Test
	@Tag("RJ-5")
	void discardWhenNobodyHasTakenTheBodyOverThenIsCancelledAndReleased() {
		BodyPeek peek = peekAt(body());
		read(peek);
		peek.discard();
		peek.discard();
		assertThat(this.cancelled).isTrue();
		assertThat(unreleased()).isZero();
	}

	@Test
	void discardWhenTheBodyIsHandedOverThenLeavesItWhole() {
		BodyPeek peek = peekAt(body().take(12));
		ClientResponse whole = read(peek);
		peek.handOver();
		peek.discard();
		assertThat(whole.bodyToMono(String.class).block(LIMIT)).hasSize(12_000);
		assertThat(unreleased()).isZero();
	}

	@Test
	void discardWhenTheBodyIsBeingReadThenLeavesItAlone() {
		BodyPeek peek = peekAt(body());
		TestSubscriber<DataBuffer> reader = subscribe(read(peek), 1);
		peek.discard();
		assertThat(this.cancelled).isFalse();
		reader.request(1);
		assertThat(reader.getReceivedOnNext()).hasSize(2);
		assertReleasedBy(reader);
	}

	@Test
	void readThenTheBodySeesTheCallersContext() {
		Flux<DataBuffer> body = Flux.deferContextual((context) -> {
			assertThat(context.<String>get("tenant")).isEqualTo("alice");
			return Flux.empty();
		});
		assertThat(peekAt(body).read()
			.contextWrite(Context.of("tenant", "alice"))
			.block(LIMIT)
			.bodyToMono(String.class)
			.blockOptional(LIMIT)).isEmpty();
	}

	@Test
	void readWhenTheBodyFailsThenItsReaderSeesTheFailureBehindWhatHasCome() {
		ClientResponse whole = read(peekAt(body().take(2).concatWith(Mono.error(new IllegalStateException("reset")))));
		TestSubscriber<DataBuffer> reader = subscribe(whole, Long.MAX_VALUE);
		assertThat(reader.getReceivedOnNext()).hasSize(2);
		assertThat(reader.expectTerminalError()).hasMessage("reset");
		assertReleasedBy(reader);
	}

	@ParameterizedTest
	@CsvSource({ "text/plain;charset=ISO-8859-1, ISO-8859-1", "application/json, UTF-8", "rubbish, UTF-8", ", UTF-8" })
	void textThenIsReadInItsOwnCharset(String contentType, String charset) throws Exception {
		byte[] text = "expir\u00e9".getBytes(charset);
		ClientResponse.Builder response = ClientResponse.create(HttpStatus.FORBIDDEN)
			.body(Flux.just(new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT).allocateBuffer(16).write(text)));
		if (contentType != null) {
			response.header(HttpHeaders.CONTENT_TYPE, contentType);
		}
		BodyPeek peek = new BodyPeek(response.build(), LIMIT);
		read(peek);
		assertThat(peek.text()).isEqualTo("expir\u00e9");
		peek.discard();
	}

}
