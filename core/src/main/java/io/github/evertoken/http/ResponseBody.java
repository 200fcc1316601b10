package io.github.evertoken.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * The body of a response, read to its end. No more than {@value #MAX_KIBIBYTES} KiB of it
 * are read, packed or unpacked, whatever its status and its type: of a longer one the
 * rest is left to the connection, which is closed (rule SE-4).
 * <p>
 * What is in it counts, and not what it is said to be: not every client unpacks what it
 * has not asked for, and many servers and gateways call JSON by another name.
 */
public final class ResponseBody {

	/**
	 * How much of a body is read.
	 */
	public static final int MAX_KIBIBYTES = 64;

	private static final int MAX_BYTES = MAX_KIBIBYTES * 1024;

	private static final Set<String> NOT_JSON = Set.of("html", "xhtml+xml", "xml", "x-www-form-urlencoded");

	private final byte[] bytes;

	private final @Nullable MediaType type;

	private ResponseBody(byte[] bytes, @Nullable MediaType type) {
		this.bytes = bytes;
		this.type = type;
	}

	/**
	 * Read a body to its end.
	 * @param response the response
	 * @return a {@code Mono} with the body, never empty, or with a
	 * {@link DataBufferLimitException} if it is too long
	 */
	public static Mono<ResponseBody> read(ClientResponse response) {
		return DataBufferUtils.join(response.body(BodyExtractors.toDataBuffers()), MAX_BYTES)
			.map(ResponseBody::bytes)
			.defaultIfEmpty(new byte[0])
			.map((bytes) -> new ResponseBody(unpacked(bytes, response.headers().asHttpHeaders()),
					contentType(response)));
	}

	private static byte[] bytes(DataBuffer buffer) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		return bytes;
	}

	private static byte[] unpacked(byte[] bytes, HttpHeaders headers) {
		if (startsAsGzip(bytes)) {
			return unpacked(bytes, (packed) -> new GZIPInputStream(packed));
		}
		// A text does not begin as a deflated one does, with a control character at the
		// first or the second place.
		boolean deflated = "deflate".equalsIgnoreCase(headers.getFirst(HttpHeaders.CONTENT_ENCODING));
		return (deflated && bytes.length > 1 && bytes[0] == 0x78) ? unpacked(bytes, InflaterInputStream::new) : bytes;
	}

	/**
	 * RFC 1952, section 2.3.1. No text begins so.
	 */
	private static boolean startsAsGzip(byte[] bytes) {
		return bytes.length > 2 && bytes[0] == 0x1F && bytes[1] == (byte) 0x8B && bytes[2] == 8;
	}

	private static byte[] unpacked(byte[] bytes, Unpacking unpacking) {
		try (InputStream stream = unpacking.open(new ByteArrayInputStream(bytes))) {
			byte[] unpacked = stream.readNBytes(MAX_BYTES + 1);
			if (unpacked.length > MAX_BYTES) {
				throw new DataBufferLimitException("Exceeded limit on unpacked body: " + MAX_BYTES);
			}
			return unpacked;
		}
		catch (IOException ex) {
			return bytes;
		}
	}

	private static @Nullable MediaType contentType(ClientResponse response) {
		try {
			return response.headers().contentType().orElse(null);
		}
		catch (InvalidMediaTypeException ex) {
			return null;
		}
	}

	/**
	 * Return the JSON object that the body is, or the parameters of a form as one.
	 * @return the object, or {@code null} if the body is neither
	 */
	public @Nullable JsonObject json() {
		String text = text();
		if (text.stripLeading().startsWith("{")) {
			return JsonObject.parse(text);
		}
		return (this.type != null && MediaType.APPLICATION_FORM_URLENCODED.isCompatibleWith(this.type))
				? JsonObject.ofForm(text) : null;
	}

	private String text() {
		return EncodedText.of(this.bytes, charset()).lenient();
	}

	/**
	 * Tell whether the server says that it wants {@code https}.
	 * @param status the status of the response
	 * @return whether it does
	 */
	public boolean isTlsWanted(HttpStatusCode status) {
		return SchemeHint.isTlsWanted(status.value(), text());
	}

	/**
	 * JSON is UTF-8 unless it is said to be something else (RFC 8259, section 8.1).
	 */
	private Charset charset() {
		try {
			Charset charset = (this.type != null) ? this.type.getCharset() : null;
			return (charset != null) ? charset : StandardCharsets.UTF_8;
		}
		catch (IllegalArgumentException ex) {
			return StandardCharsets.UTF_8;
		}
	}

	/**
	 * Return what the body is instead of a JSON object, to be put behind "with".
	 * @param status the status of the response
	 */
	public String description(HttpStatusCode status) {
		if (this.type != null && NOT_JSON.contains(this.type.getSubtype())) {
			return this.type.getType() + '/' + this.type.getSubtype() + " instead of JSON";
		}
		return isEmpty() ? "status " + status.value() + " and no body" : "something else than a JSON object";
	}

	/**
	 * Tell whether nothing came.
	 * @return whether the body has no bytes
	 */
	public boolean isEmpty() {
		return this.bytes.length == 0;
	}

	/**
	 * Opens packed bytes.
	 */
	@FunctionalInterface
	private interface Unpacking {

		InputStream open(InputStream packed) throws IOException;

	}

}
