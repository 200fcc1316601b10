package io.github.evertoken.samples.fleet.replica;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.github.evertoken.TokenException;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Calls all the time: on behalf of each subject, one after the other, and for the service
 * itself.
 */
@Component
class Callers implements SmartLifecycle {

	private static final Duration INTERVAL = Duration.ofMillis(250);

	private static final Duration TELLS = Duration.ofMillis(500);

	private static final int MOST_AT_ONCE = 256;

	private final OrdersClient orders;

	private final Report report;

	private final List<String> subjects;

	private final AtomicLong succeeded = new AtomicLong();

	private volatile Disposable calling = Disposables.disposed();

	Callers(OrdersClient orders, Report report, @Value("${fleet.subjects}") List<String> subjects) {
		this.orders = orders;
		this.report = report;
		this.subjects = subjects;
	}

	@Override
	public void start() {
		this.calling = Disposables.composite(
				Flux.interval(INTERVAL).onBackpressureDrop().flatMap(this::call, MOST_AT_ONCE).subscribe(),
				Flux.interval(TELLS)
					.onBackpressureDrop()
					.subscribe((tick) -> this.report.tell("calls", "-", this.succeeded.getAndSet(0))));
	}

	private Mono<String> call(long number) {
		int turn = (int) (number % (this.subjects.size() + 1));
		String who = (turn < this.subjects.size()) ? this.subjects.get(turn) : null;
		return this.orders.ordersOf(who).doOnNext((order) -> this.succeeded.incrementAndGet()).onErrorResume((ex) -> {
			this.report.tell("failed", (who != null) ? who : "-", token(ex) != null ? "token" : "other", ex);
			return Mono.empty();
		});
	}

	private static @Nullable TokenException token(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof TokenException exception) {
				return exception;
			}
		}
		return null;
	}

	@Override
	public boolean isAutoStartup() {
		return false;
	}

	@Override
	public boolean isRunning() {
		return !this.calling.isDisposed();
	}

	@Override
	public void stop() {
		this.calling.dispose();
	}

}
