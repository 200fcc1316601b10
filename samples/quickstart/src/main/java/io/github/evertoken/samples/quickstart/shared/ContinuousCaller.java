package io.github.evertoken.samples.quickstart.shared;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * Makes a call fifty times a second, and counts what comes of it.
 */
public class ContinuousCaller implements SmartLifecycle {

	private static final Duration INTERVAL = Duration.ofMillis(20);

	private final LongFunction<Mono<String>> inventory;

	private final AtomicLong calls = new AtomicLong();

	private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();

	private volatile Disposable calling = Disposables.disposed();

	/**
	 * Prepare to call. Nothing is called before {@link #start()}.
	 * @param inventory the call, whose numbers begin with 0
	 */
	public ContinuousCaller(LongFunction<Mono<String>> inventory) {
		this.inventory = inventory;
	}

	@Override
	public void start() {
		this.calling = Flux.interval(INTERVAL).onBackpressureDrop().flatMap(this::call).subscribe();
	}

	private Mono<String> call(long number) {
		return this.inventory.apply(number).doOnNext((item) -> this.calls.incrementAndGet()).onErrorResume((ex) -> {
			this.failures.add(new Failure(Instant.now(), ex.toString()));
			return Mono.empty();
		});
	}

	/**
	 * Return how many calls have succeeded.
	 * @return the number of calls
	 */
	public long calls() {
		return this.calls.get();
	}

	/**
	 * Return the calls that have failed.
	 * @return what is known of each
	 */
	public Collection<Failure> failures() {
		return this.failures;
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

	/**
	 * A call that failed.
	 *
	 * @param at when it did
	 * @param reason why it did
	 */
	public record Failure(Instant at, String reason) {

	}

}
