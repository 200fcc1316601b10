package io.github.evertoken.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ClientResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KeptAnswer}.
 */
@Tag("RJ-5")
@Tag("RJ-7")
class KeptAnswerTests {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private final ByteBuf[] buffers = new ByteBuf[3];

	private Flux<DataBuffer> body(int... lengths) {
		NettyDataBufferFactory factory = new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT);
		return Flux.range(0, lengths.length).map((i) -> {
			this.buffers[i] = PooledByteBufAllocator.DEFAULT.buffer(lengths[i] + 1);
			this.buffers[i].writeBytes("x".repeat(lengths[i]).getBytes(StandardCharsets.UTF_8));
			return factory.wrap(this.buffers[i]);
		});
	}

	private ClientResponse keep(Flux<DataBuffer> body) {
		ClientResponse answer = ClientResponse.create(HttpStatus.UNAUTHORIZED)
			.header("WWW-Authenticate", "Bearer")
			.cookie("session", "7")
			.body(body)
			.build();
		ClientResponse kept = KeptAnswer.of(answer, LIMIT).block(LIMIT);
		assertThat(kept).isNotNull();
		assertThat(Arrays.stream(this.buffers).filter((buffer) -> buffer != null && buffer.refCnt() > 0)).isEmpty();
		return kept;
	}

	private static List<Integer> lengths(ClientResponse response) {
		return response.body(BodyExtractors.toDataBuffers())
			.map(DataBuffer::readableByteCount)
			.collectList()
			.block(LIMIT);
	}

	@Test
	void ofThenKeepsStatusHeadersAndCookies() {
		ClientResponse kept = keep(body(5));
		assertThat(kept.statusCode()).isEqualTo(HttpStatus.UNAUTHORIZED);
		assertThat(kept.headers().asHttpHeaders().getFirst("WWW-Authenticate")).isEqualTo("Bearer");
		assertThat(kept.cookies().getFirst("session").getValue()).isEqualTo("7");
		assertThat(kept.bodyToMono(String.class).block(LIMIT)).isEqualTo("xxxxx");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 8191, 8192 })
	void ofWhenTheBodyIsUpToEightKibibytesThenKeepsItWhole(int length) {
		assertThat(lengths(keep(body(length)))).containsExactly(length);
		assertThat(lengths(keep(body(length / 2, length - length / 2)))).containsExactly(length);
	}

	@Test
	void ofWhenTheBodyIsLongerThenKeepsNothingOfIt() {
		assertThat(lengths(keep(body(8193)))).isEmpty();
		assertThat(lengths(keep(body(8192, 1)))).isEmpty();
		assertThat(lengths(keep(body(5000, 5000, 1000)))).as("not even what would fit").isEmpty();
	}

	@Test
	void ofWhenThereIsNoBodyThenThereIsNoBuffer() {
		assertThat(lengths(keep(Flux.empty()))).isEmpty();
	}

	@Test
	void ofWhenTheBodyBreaksOffThenKeepsNothingOfIt() {
		assertThat(lengths(keep(body(100).concatWith(Flux.error(new IllegalStateException("reset")))))).isEmpty();
	}

}
