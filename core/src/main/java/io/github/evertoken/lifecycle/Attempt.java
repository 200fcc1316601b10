package io.github.evertoken.lifecycle;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import io.github.evertoken.TokenException;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One attempt of a flight, from its place in the queue to its end. It ends once, whatever
 * the issuer does: answers twice, never, or after it was cancelled, or throws.
 */
final class Attempt implements CoreSubscriber<Obtained> {

	// Queued, launched, running, ended, in this order and never back. Whoever makes it
	// ENDED tells the life-cycle, and leaves the runway.
	private enum Stage {

		QUEUED, LAUNCHED, RUNNING, ENDED

	}

	/**
	 * After so many milliseconds it is looked whether the scheduler has run the call.
	 */
	private static final long CHECK = 100;

	private final Flight flight;

	private final Outcomes outcomes;

	private final ManagedClient client;

	private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.QUEUED);

	private final AtomicReference<@Nullable Subscription> call = new AtomicReference<>();

	private final Disposable.Swap timer = Disposables.swap();

	private volatile Moment launchedAt;

	private final AtomicBoolean probe = new AtomicBoolean();

	private final AtomicBoolean answered = new AtomicBoolean();

	// Guarded by the lock of the runway: what it counts for there.
	private int epoch = Runway.UNCOUNTED;

	Attempt(Flight flight) {
		this.flight = flight;
		this.outcomes = new Outcomes(flight.lifecycle());
		this.client = flight.lifecycle().client();
		this.launchedAt = flight.startedAt();
	}

	Flight flight() {
		return this.flight;
	}

	boolean isEnded() {
		return this.stage.get() == Stage.ENDED;
	}

	/**
	 * Tell, once, whether it was the one attempt that finds out whether the issuer works
	 * again.
	 */
	boolean endsProbe() {
		return this.probe.getAndSet(false);
	}

	/**
	 * Start the call on a thread of the scheduler: nothing that the caller has bound to
	 * its own thread or to its Context is seen there (SF-3). The bound comes first, so
	 * that the attempt ends though nothing else should work.
	 */
	void launch(boolean probe) {
		this.probe.set(probe);
		if (!isUnderway() || !this.stage.compareAndSet(Stage.QUEUED, Stage.LAUNCHED)) {
			drop();
			return;
		}
		this.launchedAt = now();
		this.flight.begins(this, this.launchedAt);
		if (!isUnderway()) {
			drop();
			return;
		}
		try {
			timerIn(this.client.settings().responseTimeout().toMillis(), this::answerIsDue);
			ManagerResources resources = this.client.resources();
			Disposable check = resources.timer().after(CHECK, this::run);
			resources.scheduler().schedule(() -> {
				check.dispose();
				run();
			});
		}
		catch (Throwable ex) {
			failed(new TransientTokenException(this.flight.key(), "the scheduler has not started the flight: " + ex,
					ex));
		}
	}

	/**
	 * Whoever takes a flight out of the state cancels the attempt that it knows of, or
	 * the attempt sees here that its flight is gone.
	 */
	private boolean isUnderway() {
		return !this.client.isClosed() && this.flight.lifecycle().isUnderway(this.flight);
	}

	private void drop() {
		end();
		this.client.runway().leave(this);
		if (!this.client.isClosed()) {
			this.outcomes.dropped(this.flight);
		}
	}

	private void timerIn(long millis, Runnable task) {
		this.timer.update(this.client.resources().timer().after(millis, task));
	}

	private void run() {
		if (!this.stage.compareAndSet(Stage.LAUNCHED, Stage.RUNNING)) {
			return;
		}
		try {
			this.client.call().run(this.flight).subscribe(this);
		}
		catch (Throwable ex) {
			onError(ex);
		}
	}

	@Override
	public Context currentContext() {
		return this.flight.context();
	}

	@Override
	public void onSubscribe(Subscription call) {
		if (this.call.compareAndSet(null, call)) {
			call.request(Long.MAX_VALUE);
		}
		else {
			call.cancel();
		}
	}

	@Override
	public void onNext(Obtained obtained) {
		if (!this.answered.compareAndSet(false, true)) {
			return;
		}
		this.flight.answered(this);
		if (end()) {
			try {
				if (obtained.issued()) {
					this.client.condition().answered(now());
				}
			}
			finally {
				this.client.runway().leave(this);
			}
			this.outcomes.landed(this.flight, obtained);
		}
		else if (this.flight.redeemed() != null) {
			this.outcomes.landed(this.flight, obtained);
		}
	}

	@Override
	public void onError(Throwable failure) {
		this.flight.answered(this);
		failed(this.client.call().asTokenException(this.flight.key(), failure));
	}

	@Override
	public void onComplete() {
		// The call never completes without a token set or a failure before.
	}

	private void failed(TokenException failure) {
		if (end()) {
			this.outcomes.failed(this, failure);
		}
	}

	/**
	 * The caller's wait ends here. The call ends too, unless a refresh token is on its
	 * way with it.
	 */
	private void answerIsDue() {
		if (isEnded()) {
			return;
		}
		if (this.flight.isRedeeming()) {
			long rest = this.client.settings()
				.refreshDeadline()
				.minus(this.client.settings().responseTimeout())
				.toMillis();
			timerIn(Math.max(0, rest), this::refreshIsOver);
			this.outcomes.late(this, timedOut());
		}
		else {
			cancelCall();
			failed(timedOut());
		}
	}

	private void refreshIsOver() {
		if (this.flight.hasBrought() && !isEnded()) {
			timerIn(StoredTokens.longestSave(this.client.settings()), this::giveUpWaiting);
		}
		else {
			giveUpWaiting();
		}
	}

	private void giveUpWaiting() {
		if (end()) {
			cancelCall();
			this.outcomes.overdue(this,
					new TransientTokenException(this.flight.key(),
							"the issuer has not answered within the refresh-deadline of "
									+ this.client.settings().refreshDeadline().toMillis() + " ms",
							null));
		}
	}

	private TransientTokenException timedOut() {
		return this.client.call().timedOut(this.flight.key());
	}

	/**
	 * Give the attempt up: nobody wants what it would bring.
	 */
	void cancel() {
		cancelCall();
		if (end()) {
			this.client.runway().leave(this);
		}
	}

	/**
	 * Give the attempt up that is still in the queue.
	 * @return whether it was
	 */
	boolean giveUp() {
		return this.stage.compareAndSet(Stage.QUEUED, Stage.ENDED);
	}

	private void cancelCall() {
		Subscription call = this.call.getAndSet(Operators.cancelledSubscription());
		if (call != null) {
			try {
				call.cancel();
			}
			catch (Throwable ex) {
				this.client.call().cancellationFailed(this.flight.key(), ex);
			}
		}
	}

	private boolean end() {
		if (this.stage.getAndSet(Stage.ENDED) == Stage.ENDED) {
			return false;
		}
		this.timer.dispose();
		return true;
	}

	int epoch() {
		return this.epoch;
	}

	void countsFor(int epoch) {
		this.epoch = epoch;
	}

	Moment launchedAt() {
		return this.launchedAt;
	}

	private Moment now() {
		return this.client.resources().now();
	}

}
