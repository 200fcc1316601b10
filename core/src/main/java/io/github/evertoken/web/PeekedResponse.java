package io.github.evertoken.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;

/**
 * An answer to a blocking request whose beginning has been looked at, with its body whole
 * all the same: what {@link BodyPeek} is for one that does not block.
 * <p>
 * Up to 8 KiB are read, on another thread, for half a second at the most. Whoever then
 * reads the body waits until that thread has let go of it, which it does as soon as a
 * piece has come: the one that the reader would have to wait for anyway.
 */
final class PeekedResponse implements ClientHttpResponse {

	private final ClientHttpResponse response;

	private final WholeBody body;

	private PeekedResponse(ClientHttpResponse response, WholeBody body) {
		this.response = response;
		this.body = body;
	}

	/**
	 * Look at the beginning of a response's body.
	 * @param response the response
	 * @param maxTime for how long
	 * @return the response, with its body whole
	 * @throws IOException if the body cannot be had, or the thread is interrupted
	 */
	static PeekedResponse of(ClientHttpResponse response, Duration maxTime) throws IOException {
		WholeBody body = new WholeBody(response.getBody());
		body.peek(maxTime);
		return new PeekedResponse(response, body);
	}

	/**
	 * Return the beginning of the body.
	 */
	String text() {
		return new String(this.body.seen(), charset());
	}

	private Charset charset() {
		try {
			MediaType type = this.response.getHeaders().getContentType();
			return (type != null && type.getCharset() != null) ? type.getCharset() : StandardCharsets.UTF_8;
		}
		catch (InvalidMediaTypeException ex) {
			return StandardCharsets.UTF_8;
		}
	}

	@Override
	public HttpStatusCode getStatusCode() throws IOException {
		return this.response.getStatusCode();
	}

	@Override
	public String getStatusText() throws IOException {
		return this.response.getStatusText();
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.response.getHeaders();
	}

	@Override
	public InputStream getBody() {
		return this.body;
	}

	/**
	 * Two threads must not read at once, as closing it would.
	 */
	@Override
	public void close() {
		if (this.body.isPeeking()) {
			BodyRelease.abandon(this.response);
		}
		else {
			this.response.close();
		}
	}

	/**
	 * The pieces that have been seen, and then the rest.
	 */
	private static final class WholeBody extends InputStream {

		private final InputStream rest;

		private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();

		private final Mono<Boolean> peeking = Mono.fromCallable(this::fill)
			.subscribeOn(Schedulers.boundedElastic())
			.cache();

		private volatile boolean enough;

		private volatile boolean done;

		// Written by the thread that peeks, and read when that is done.
		private @Nullable IOException failure;

		private byte @Nullable [] seen;

		private int position;

		WholeBody(InputStream rest) {
			this.rest = rest;
		}

		void peek(Duration maxTime) throws IOException {
			try {
				BlockingWait.on(this.peeking.timeout(maxTime, Mono.just(false)));
			}
			finally {
				this.enough = true;
			}
		}

		private boolean fill() {
			try {
				byte[] piece = new byte[BodyPeek.MAX_LENGTH];
				int read = 0;
				while (read >= 0 && length() < BodyPeek.MAX_LENGTH && !this.enough) {
					read = readSome(piece);
					add(piece, read);
				}
			}
			catch (IOException ex) {
				this.failure = ex;
			}
			this.done = true;
			return true;
		}

		/**
		 * What has come, and no more: asked for several bytes at once, Reactor Netty's
		 * stream waits for all of them. Asked for one by the method without a buffer, it
		 * leaves its connection open if it is closed meanwhile.
		 */
		private int readSome(byte[] piece) throws IOException {
			int read = this.rest.read(piece, 0, 1);
			int more = Math.min(this.rest.available(), BodyPeek.MAX_LENGTH - length() - 1);
			return (read > 0 && more > 0) ? 1 + Math.max(0, this.rest.read(piece, 1, more)) : read;
		}

		private synchronized int length() {
			return this.beginning.size();
		}

		private synchronized void add(byte[] piece, int read) {
			if (read > 0) {
				this.beginning.write(piece, 0, read);
			}
		}

		synchronized byte[] seen() {
			return this.beginning.toByteArray();
		}

		boolean isPeeking() {
			return !this.done;
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			int read = read(one, 0, 1);
			return (read < 0) ? -1 : one[0] & 0xff;
		}

		@Override
		public int read(byte[] target, int offset, int length) throws IOException {
			byte[] beginning = beginning();
			if (length > 0 && this.position < beginning.length) {
				int read = Math.min(length, beginning.length - this.position);
				System.arraycopy(beginning, this.position, target, offset, read);
				this.position += read;
				return read;
			}
			if (this.failure != null) {
				throw this.failure;
			}
			return this.rest.read(target, offset, length);
		}

		private byte[] beginning() throws IOException {
			byte[] beginning = this.seen;
			if (beginning == null) {
				BlockingWait.on(this.peeking);
				beginning = seen();
				this.seen = beginning;
			}
			return beginning;
		}

		@Override
		public int available() throws IOException {
			byte[] beginning = this.seen;
			return (beginning != null && this.position >= beginning.length) ? this.rest.available() : 0;
		}

		@Override
		public void close() throws IOException {
			BodyRelease.abort(this.rest);
		}

	}

}
