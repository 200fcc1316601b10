package io.github.evertoken.test;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.TokenManagerBuilder;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.ServerTime;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * A time that passes when the test says so: a day of renewals goes by in less than a
 * second, and the same way each time. It is the clock, the scheduler and all timers of a
 * token manager, and the clock of an
 * {@linkplain AuthorizationServer#with(java.time.InstantSource) authorization server};
 * HTTP stays as real as it is.
 * <p>
 * What is due runs at once, on a thread of its own, so that a test may wait for a call as
 * ever. While time passes, whoever waits for an answer of the token endpoint is waited
 * for: the time goes on when all that is left to happen is a matter of time. Nothing
 * times out as long as it stands still, however busy the machine is: a call that waits
 * for a server that does not answer has to be made on another thread than the one that
 * lets the time pass.
 * <p>
 * Nothing is random: each jitter is the middle of what it may be.
 * <p>
 * In a test of Spring Boot, the manager of the application has the time of the server
 * that is in a static field. Elsewhere, {@link #applyTo(TokenManagerBuilder)} gives it to
 * a manager. It is thread-safe.
 *
 * @since 0.1.0
 */
public final class TestTime implements ServerTime {

	private static final long GUARD_NANOS = TimeUnit.MINUTES.toNanos(2);

	private static final double MIDDLE = 0.5;

	private final TestScheduler scheduler;

	private TestTime(Instant start) {
		this.scheduler = new TestScheduler(start);
	}

	/**
	 * Create a time that begins now.
	 * @return a time that stands still, at the system's second
	 */
	public static TestTime startingNow() {
		return startingAt(Instant.now().truncatedTo(ChronoUnit.SECONDS));
	}

	/**
	 * Create a time.
	 * @param start when it begins
	 * @return a time that stands still
	 */
	public static TestTime startingAt(Instant start) {
		return new TestTime(start);
	}

	/**
	 * Return what time it is.
	 */
	@Override
	public Instant instant() {
		return this.scheduler.instant();
	}

	/**
	 * Let a manager have this time.
	 * @param builder what builds it
	 * @return the builder
	 */
	public TokenManagerBuilder applyTo(TokenManagerBuilder builder) {
		return builder.virtualTime(this.scheduler).random(() -> MIDDLE).aroundIssuers(WatchedIssuer::new);
	}

	/**
	 * Let time pass. All that is due meanwhile has happened when this returns.
	 * @param duration how much
	 * @throws IllegalStateException if something neither ends nor waits for the time
	 */
	public void pass(Duration duration) {
		passUntil(() -> false, duration);
	}

	/**
	 * Let time pass until something is so.
	 * @param done tells whether it is
	 * @param longest how much time at most
	 * @return whether it is so within that time
	 * @throws IllegalStateException if something neither ends nor waits for the time
	 */
	public boolean passUntil(BooleanSupplier done, Duration longest) {
		Instant limit = instant().plus(longest);
		settle();
		boolean within = true;
		while (within && !done.getAsBoolean()) {
			within = this.scheduler.moveToNext(limit);
			settle();
		}
		return within || done.getAsBoolean();
	}

	/**
	 * Wait until nothing happens any more unless time passes.
	 * @throws IllegalStateException if something neither ends nor waits for the time
	 */
	public void settle() {
		if (!this.scheduler.awaitStill(GUARD_NANOS)) {
			throw new IllegalStateException("A token request neither ends nor waits for the time to pass,"
					+ " or the server keeps one waiting that no manager with this time has sent");
		}
	}

	/**
	 * Let an answer wait until the time has passed. A server calls it. When time passes,
	 * who waits for the resource is not waited for.
	 */
	@Override
	public void delay(Endpoint endpoint, Duration delay, BooleanSupplier waits) {
		boolean counted = endpoint != Endpoint.RESOURCE;
		AtomicBoolean over = new AtomicBoolean();
		Runnable end = () -> {
			if (over.compareAndSet(false, true) && counted) {
				this.scheduler.begins();
			}
		};
		Disposable alarm = this.scheduler.schedule(end, delay.toMillis(), TimeUnit.MILLISECONDS);
		if (counted) {
			this.scheduler.ends();
		}
		while (!over.get() && waits.getAsBoolean()) {
			// Until then.
		}
		alarm.dispose();
		end.run();
	}

	@Override
	public String toString() {
		return "TestTime[" + instant() + "]";
	}

	/**
	 * An issuer whose calls are waited for when time passes. What follows from an answer
	 * has happened, or is with the scheduler, when the call has ended.
	 */
	private final class WatchedIssuer implements TokenIssuer {

		private final TokenIssuer issuer;

		WatchedIssuer(TokenIssuer issuer) {
			this.issuer = issuer;
		}

		@Override
		public Mono<TokenSet> issue(TokenRequest request) {
			return watched(Mono.defer(() -> this.issuer.issue(request)));
		}

		@Override
		public Mono<Void> revoke(TokenKey key, TokenSet tokens) {
			return watched(Mono.defer(() -> this.issuer.revoke(key, tokens)));
		}

		private <T> Mono<T> watched(Mono<T> call) {
			TestScheduler scheduler = TestTime.this.scheduler;
			return Mono.defer(() -> {
				scheduler.begins();
				return call.doFinally((signal) -> scheduler.ends());
			});
		}

	}

}
