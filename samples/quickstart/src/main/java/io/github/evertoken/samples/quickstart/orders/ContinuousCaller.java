package io.github.evertoken.samples.quickstart.orders;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Asks the inventory for an item fifty times a second, and counts what comes of it.
 */
@Component
public class ContinuousCaller implements SmartLifecycle {

	private static final Duration INTERVAL = Duration.ofMillis(20);

	private final InventoryClient inventory;

	private final AtomicLong calls = new AtomicLong();

	private final AtomicLong failures = new AtomicLong();

	private volatile @Nullable Throwable lastFailure;

	private volatile Disposable calling = Disposables.disposed();

	ContinuousCaller(InventoryClient inventory) {
		this.inventory = inventory;
	}

	@Override
	public void start() {
		this.calling = Flux.interval(INTERVAL).onBackpressureDrop().flatMap(this::call).subscribe();
	}

	private Mono<String> call(long number) {
		return this.inventory.item(number).doOnNext((item) -> this.calls.incrementAndGet()).onErrorResume((ex) -> {
			this.lastFailure = ex;
			this.failures.incrementAndGet();
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
	 * Return how many calls have failed.
	 * @return the number of calls
	 */
	public long failures() {
		return this.failures.get();
	}

	/**
	 * Return why the last call that failed did so.
	 * @return the failure, or {@code null} if none has failed
	 */
	public @Nullable Throwable lastFailure() {
		return this.lastFailure;
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
