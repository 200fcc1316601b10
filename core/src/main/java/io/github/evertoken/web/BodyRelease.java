package io.github.evertoken.web;

import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.core5.http.io.EofSensorInputStream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.ClassUtils;

/**
 * The release of an answer to a blocking request that its caller does not get.
 * <p>
 * A body is read to its end, so that its connection can be used again, as far as it has
 * at most 64 KiB and comes within half a second; else the connection is closed. That is
 * done on another thread than the caller's: a read cannot be told when to end, and HTTP
 * clients close a response by reading the rest of it.
 */
final class BodyRelease {

	private static final boolean APACHE = ClassUtils.isPresent("org.apache.hc.core5.http.io.EofSensorInputStream",
			BodyRelease.class.getClassLoader());

	private static final int PIECE = 4 * 1024;

	private BodyRelease() {
	}

	/**
	 * Release an answer.
	 * @return completes with {@code true} when its connection is free, and with
	 * {@code false} if nobody should wait for that any longer; never fails
	 */
	static Mono<Boolean> of(ClientHttpResponse answer) {
		return Mono.fromCallable(() -> isReadToEnd(answer))
			.subscribeOn(Schedulers.boundedElastic())
			.timeout(KeptAnswer.MAX_TIME, Mono.just(false))
			.doOnCancel(() -> abandon(answer))
			.doOnNext((released) -> {
				if (!released) {
					abandon(answer);
				}
			});
	}

	private static boolean isReadToEnd(ClientHttpResponse answer) {
		try {
			InputStream body = answer.getBody();
			byte[] piece = new byte[PIECE];
			long length = 0;
			int read = body.read(piece);
			while (read >= 0 && length <= KeptAnswer.MAX_READ) {
				length += read;
				read = body.read(piece);
			}
			if (read < 0) {
				answer.close();
			}
			return read < 0;
		}
		catch (IOException | RuntimeException ex) {
			return false;
		}
	}

	/**
	 * Close the connection of an answer, on another thread and without waiting for it.
	 */
	static void abandon(ClientHttpResponse answer) {
		Schedulers.boundedElastic().schedule(() -> {
			try {
				abort(answer.getBody());
				answer.close();
			}
			catch (IOException | RuntimeException ex) {
				// It is closed, which some clients tell like this.
			}
		});
	}

	/**
	 * Close a stream without reading the rest of it. All but one have {@code close()} for
	 * that.
	 */
	static void abort(InputStream body) throws IOException {
		if (!APACHE || !Apache.abort(body)) {
			body.close();
		}
	}

	/**
	 * Loaded only where Apache's client is there.
	 */
	private static final class Apache {

		static boolean abort(InputStream body) throws IOException {
			if (body instanceof EofSensorInputStream stream) {
				stream.abort();
				return true;
			}
			return false;
		}

	}

}
