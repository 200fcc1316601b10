package io.github.evertoken.endpoint;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.grant.AuthorizationGrant;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TokenResponseReader}: every buffer is released, whatever happens.
 */
@DisplayName("SE-4: reading a bounded response")
class TokenResponseReaderTests {

	private final NettyDataBufferFactory buffers = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);

	private final TokenResponseReader reader = new TokenResponseReader(
			TokenEndpointFailures.of(TokenKey.of("inventory"),
					new PreparedRequest(URI.create("https://idp.example/token")),
					new ErrorMeanings(Map.of(), AuthorizationGrant.clientCredentials(), true)),
			TokenResponseFormat.standard());

	@Test
	void readWhenTokenComesInPiecesThenReleasesThem() {
		List<ByteBuf> pieces = pieces("{\"access_token\":", "\"a1\"}");
		StepVerifier.create(this.reader.read(response(HttpStatus.OK, body(pieces))))
			.assertNext((set) -> assertThat(set.accessToken()).isEqualTo("a1"))
			.verifyComplete();
		assertReleased(pieces);
	}

	@Test
	void readWhenBodyTooLargeThenReleasesAllAndCancels() {
		for (HttpStatus status : List.of(HttpStatus.OK, HttpStatus.BAD_REQUEST)) {
			List<ByteBuf> pieces = pieces(" ".repeat(40_000), " ".repeat(40_000));
			Flux<DataBuffer> endless = body(pieces).concatWith(Flux.never());
			StepVerifier.create(this.reader.read(response(status, endless))).verifyError(TokenException.class);
			assertReleased(pieces);
		}
	}

	@Test
	void readWhenConnectionBreaksThenReleasesWhatCame() {
		List<ByteBuf> pieces = pieces("{");
		Flux<DataBuffer> broken = body(pieces).concatWith(Flux.error(new IOException("reset")));
		StepVerifier.create(this.reader.read(response(HttpStatus.OK, broken))).verifyError(IOException.class);
		assertReleased(pieces);
	}

	@Test
	void readWhenCancelledThenReleasesWhatCame() {
		List<ByteBuf> pieces = pieces("{");
		Flux<DataBuffer> endless = body(pieces).concatWith(Flux.never());
		this.reader.read(response(HttpStatus.OK, endless)).subscribe().dispose();
		assertReleased(pieces);
	}

	private static List<ByteBuf> pieces(String... texts) {
		return Stream.of(texts).map((text) -> Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)).toList();
	}

	private Flux<DataBuffer> body(List<ByteBuf> pieces) {
		return Flux.fromIterable(pieces).map(this.buffers::wrap);
	}

	private static ClientResponse response(HttpStatus status, Flux<DataBuffer> body) {
		return ClientResponse.create(status).body(body).build();
	}

	private static void assertReleased(List<ByteBuf> pieces) {
		assertThat(pieces).allSatisfy((piece) -> assertThat(piece.refCnt()).isZero());
	}

}
