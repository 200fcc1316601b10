package io.github.evertoken.web;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Objects;

import io.github.evertoken.Troubleshooting;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * The wait of a caller whose thread may wait. Nothing else here blocks.
 */
final class BlockingWait {

	private static final boolean SPRING_SECURITY = ClassUtils.isPresent(
			"org.springframework.security.core.context.ReactiveSecurityContextHolder",
			BlockingWait.class.getClassLoader());

	private BlockingWait() {
	}

	/**
	 * Check that the thread may wait, whether it will have to or not: a call that fails
	 * only when its token has expired would be found too late.
	 * @param client the client whose token the request is to carry
	 * @param request the request
	 * @throws IllegalStateException if it must not
	 */
	static void requirePossible(String client, ClientRequest request) {
		if (Schedulers.isInNonBlockingThread()) {
			throw new IllegalStateException(request.method() + " " + RequestUrl.of(request.url())
					+ " is to carry a token of client '" + client + "', for which its caller may have to wait, and the"
					+ " thread '" + Thread.currentThread().getName() + "' must not: it is one of Reactor's event loops."
					+ " Make the call with a WebClient, or on a thread that may wait, with"
					+ " Mono.fromCallable(..).subscribeOn(Schedulers.boundedElastic())"
					+ Troubleshooting.EVENT_LOOP.reference());
		}
	}

	/**
	 * Wait for what a {@code Mono} emits, which sees in its Context what the thread
	 * knows.
	 * @return what it emits, which must not be nothing
	 * @throws IOException if that is what it fails with, or an
	 * {@link InterruptedIOException} if the thread is interrupted, and stays so
	 */
	static <T> T on(Mono<? extends T> mono) throws IOException {
		try {
			return Objects.requireNonNull(mono.contextWrite(BlockingWait::addThread).contextCapture().block());
		}
		catch (RuntimeException ex) {
			Throwable failure = Exceptions.unwrap(ex);
			if (failure instanceof InterruptedException && Thread.currentThread().isInterrupted()) {
				throw (IOException) new InterruptedIOException("The thread was interrupted while it waited for a token")
					.initCause(failure);
			}
			if (failure instanceof IOException io) {
				throw io;
			}
			throw ex;
		}
	}

	/**
	 * Spring Security's context is there without Micrometer's context propagation too.
	 */
	private static Context addThread(Context context) {
		return SPRING_SECURITY ? SecurityContextOfThread.addTo(context) : context;
	}

}
