package io.github.evertoken.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Bytes that are a text, of a file or an answer. A byte order mark at their beginning
 * says what they are written in, whatever else does, and is no part of the text.
 */
public final class EncodedText {

	/**
	 * What stands for bytes that are no character (Unicode, U+FFFD).
	 */
	public static final char REPLACEMENT = '\uFFFD';

	private final byte[] bytes;

	private final Charset charset;

	private final int start;

	private EncodedText(byte[] bytes, Charset charset, int start) {
		this.bytes = bytes;
		this.charset = charset;
		this.start = start;
	}

	/**
	 * Take the bytes of a text.
	 * @param bytes the bytes
	 * @param charset what they are written in unless they say it themselves
	 */
	public static EncodedText of(byte[] bytes, Charset charset) {
		if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
			return new EncodedText(bytes, StandardCharsets.UTF_8, 3);
		}
		if (startsWith(bytes, 0xFE, 0xFF)) {
			return new EncodedText(bytes, StandardCharsets.UTF_16BE, 2);
		}
		if (startsWith(bytes, 0xFF, 0xFE)) {
			return new EncodedText(bytes, StandardCharsets.UTF_16LE, 2);
		}
		return new EncodedText(bytes, charset, 0);
	}

	private static boolean startsWith(byte[] bytes, int... mark) {
		for (int i = 0; i < mark.length; i++) {
			if (i >= bytes.length || (bytes[i] & 0xFF) != mark[i]) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Return the text, with {@link #REPLACEMENT} for each sequence of bytes that is no
	 * character.
	 */
	public String lenient() {
		return new String(this.bytes, this.start, this.bytes.length - this.start, this.charset);
	}

	/**
	 * Return the text.
	 * @throws CharacterCodingException if a sequence of bytes is no character
	 */
	public String strict() throws CharacterCodingException {
		return this.charset.newDecoder()
			.onMalformedInput(CodingErrorAction.REPORT)
			.onUnmappableCharacter(CodingErrorAction.REPORT)
			.decode(ByteBuffer.wrap(this.bytes, this.start, this.bytes.length - this.start))
			.toString();
	}

}
