package io.github.evertoken.fleet;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Carries a request from a replica to a server and the answer back, each in its time.
 * What is sent arrives, whether anybody waits for the answer or not, unless it is lost.
 */
final class Wire {

	private final VirtualTimeScheduler time;

	private final Process process;

	Wire(VirtualTimeScheduler time, Process process) {
		this.time = time;
		this.process = process;
	}

	/**
	 * What becomes of a request.
	 *
	 * @param there how long it is on its way
	 * @param back how long its answer is
	 * @param loss what is lost
	 */
	record Trip(Duration there, Duration back, Loss loss) {

		static final Trip QUICK = new Trip(Duration.ofMillis(1), Duration.ofMillis(1), Loss.NOTHING);

		static Trip of(Duration there, Duration back) {
			return new Trip(there, back, Loss.NOTHING);
		}

		Trip losing(Loss loss) {
			return new Trip(this.there, this.back, loss);
		}

	}

	enum Loss {

		/** All arrives. */
		NOTHING,
		/** It does not arrive, and that is seen. */
		REFUSED,
		/** It does not arrive, and nothing comes back. */
		REQUEST,
		/** It arrives, and the connection breaks. */
		ANSWER,
		/** It arrives, and nothing comes back. */
		SILENT_ANSWER

	}

	<T> Mono<T> send(Trip trip, Supplier<@Nullable T> server) {
		return Mono.create((sink) -> {
			if (!this.process.isRunning()) {
				return;
			}
			this.time.schedule(() -> arrives(trip, server, sink), trip.there().toMillis(), TimeUnit.MILLISECONDS);
		});
	}

	private <T> void arrives(Trip trip, Supplier<@Nullable T> server, MonoSink<T> sink) {
		switch (trip.loss()) {
			case REFUSED -> answer(trip, () -> sink.error(new IOException("connection refused")));
			case REQUEST -> {
			}
			case ANSWER -> {
				result(server);
				answer(trip, () -> sink.error(new IOException("connection reset")));
			}
			case SILENT_ANSWER -> result(server);
			case NOTHING -> {
				try {
					T result = server.get();
					answer(trip, () -> sink.success(result));
				}
				catch (RuntimeException ex) {
					answer(trip, () -> sink.error(ex));
				}
			}
		}
	}

	private static void result(Supplier<?> server) {
		try {
			server.get();
		}
		catch (RuntimeException ex) {
			// Nobody hears of it.
		}
	}

	private void answer(Trip trip, Runnable answer) {
		this.time.schedule(() -> this.process.run(answer), trip.back().toMillis(), TimeUnit.MILLISECONDS);
	}

}
