package io.github.evertoken.grant;

import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * Reads the body of a response. No more than {@value #MAX_KIBIBYTES} KiB of it are read,
 * whatever its status and its type: of a longer one the rest is left to the connection,
 * which is closed (rule SE-4).
 */
final class ResponseBody {

	static final int MAX_KIBIBYTES = 64;

	private ResponseBody() {
	}

	/**
	 * Read a body to its end.
	 * @param response the response
	 * @return a {@code Mono} with the bytes, never empty, or with a
	 * {@link org.springframework.core.io.buffer.DataBufferLimitException} if there are
	 * too many
	 */
	static Mono<byte[]> read(ClientResponse response) {
		return DataBufferUtils.join(response.body(BodyExtractors.toDataBuffers()), MAX_KIBIBYTES * 1024)
			.map(ResponseBody::bytes)
			.defaultIfEmpty(new byte[0]);
	}

	private static byte[] bytes(DataBuffer buffer) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		return bytes;
	}

}
