package io.github.evertoken.lifecycle;

import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.github.evertoken.TokenException;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * Where the callers of one key wait for its flight.
 */
final class WaitingRoom {

	// How waiters and the outcome meet: whoever enters is in the queue before it looks at
	// the outcome, and the outcome is written before the queue is emptied. So a waiter
	// that comes while the flight lands is taken out of the queue, or sees the outcome
	// itself, or both: its own signal lets it be woken once.
	//
	// One timer is enough for all who wait, however many. It rings when the first of them
	// has waited long enough, and looks at all.

	private static final long SHORTEST_LIFETIME = 1000;

	private static final long NEVER = Long.MAX_VALUE;

	/**
	 * Waits that end within so many milliseconds of one another end together.
	 */
	private static final long RESOLUTION = 10;

	private final Flight flight;

	private final ManagerResources resources;

	private final Waking<Waiter> waking;

	private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();

	private final Queue<Runnable> followers = new ConcurrentLinkedQueue<>();

	private final AtomicInteger waiting = new AtomicInteger();

	private final AtomicReference<@Nullable Consumer<Waiter>> outcome = new AtomicReference<>();

	// When the timer rings next, by the monotonic clock.
	private final AtomicLong ringsAt = new AtomicLong(NEVER);

	private final Disposable.Swap timer = Disposables.swap();

	private volatile boolean touched;

	WaitingRoom(Flight flight, ManagerResources resources) {
		this.flight = flight;
		this.resources = resources;
		this.waking = new Waking<>(resources);
	}

	void enter(Waiter waiter) {
		this.touched = true;
		this.waiting.incrementAndGet();
		this.waiters.add(waiter);
		Consumer<Waiter> outcome = this.outcome.get();
		if (outcome != null) {
			Waking.call(waiter, outcome);
		}
		else {
			ringBy(waiter.limit());
		}
	}

	/**
	 * A waiter has gone, once, by itself or because it was told something. One that goes
	 * by itself stays in the queue, empty, until its time would have come.
	 */
	void left() {
		this.waiting.decrementAndGet();
	}

	/**
	 * Tell whether anybody waits.
	 */
	boolean isOccupied() {
		return this.waiting.get() > 0;
	}

	/**
	 * Tell whether nobody has ever waited.
	 */
	boolean isUntouched() {
		return !this.touched;
	}

	int waiting() {
		return Math.max(0, this.waiting.get());
	}

	/**
	 * Tell whether the outcome is there.
	 */
	boolean isOver() {
		return this.outcome.get() != null;
	}

	/**
	 * Do something when the outcome is there, after all who wait were told to go on.
	 */
	void afterwards(Runnable step) {
		this.followers.add(step);
		if (isOver()) {
			follow();
		}
	}

	/**
	 * Return what completes when the outcome is there, whatever it is.
	 */
	Mono<Void> over() {
		return Mono.create((sink) -> afterwards(sink::success));
	}

	private void follow() {
		new Waking<Runnable>(this.resources).all(this.followers, Runnable::run);
	}

	/**
	 * Give all who wait a token.
	 * @param ending what the flight has come to
	 */
	void wakeWith(HeldToken token, Ending ending) {
		end(ending, (waiter) -> {
			if (isGood(token)) {
				waiter.wake(token);
			}
			else {
				sendOn(waiter);
			}
		});
	}

	/**
	 * Tell all who wait of a failure.
	 * @param ending what the flight has come to; when the manager is closed, nobody needs
	 * it any more
	 */
	void failWith(TokenException failure, Ending ending) {
		end(this.flight.lifecycle().client().isClosed() ? Ending.CANCELLED : ending, (waiter) -> waiter.fail(failure));
	}

	/**
	 * Have all look at the state anew, those too who come later.
	 * @param ending what the flight has come to
	 */
	void sendOn(Ending ending) {
		end(ending, this::sendOn);
	}

	/**
	 * One that has gone is in the queue still, and is to start nothing. Whoever waits
	 * here waits for a sign-in already, if at all: not twice.
	 */
	private void sendOn(Waiter waiter) {
		if (waiter.isDone()) {
			return;
		}
		Context context = waiter.context().put(SignIns.class, this.flight.lifecycle());
		waiter.sendOn(this.flight.lifecycle().next(waiter.trigger(), waiter.limit(), context));
	}

	/**
	 * A token may have expired on its way, or while those before were woken. One that
	 * lives for no time at all serves those who have waited for it.
	 */
	private boolean isGood(HeldToken token) {
		long mono = this.resources.time().mono();
		return token.isUsable(mono, this.resources.time().wall(mono)) || token.lifetimeMillis() < SHORTEST_LIFETIME;
	}

	/**
	 * Only the first outcome counts.
	 */
	private void end(Ending ending, Consumer<Waiter> outcome) {
		if (this.outcome.compareAndSet(null, outcome)) {
			this.timer.dispose();
			FlightLog.ended(this.flight, waiting(), ending, this.resources.now());
			this.waking.all(this.waiters, outcome);
			follow();
			this.flight.ended(ending);
		}
	}

	/**
	 * Tell those who wait now of a failure. Others may come.
	 */
	void tell(TokenException failure) {
		callPresent((waiter) -> waiter.fail(failure));
	}

	/**
	 * Give those who wait now a token that serves meanwhile. Others may come.
	 */
	void serve(HeldToken token) {
		callPresent((waiter) -> waiter.wake(token));
	}

	private void callPresent(Consumer<Waiter> meanwhile) {
		Queue<Waiter> present = new ConcurrentLinkedQueue<>();
		Waiter waiter = this.waiters.poll();
		while (waiter != null) {
			if (!waiter.isDone()) {
				present.add(waiter);
			}
			waiter = this.waiters.poll();
		}
		this.waking.all(present, meanwhile);
	}

	private void ringBy(long time) {
		long set = this.ringsAt.get();
		while (time < set) {
			if (this.ringsAt.compareAndSet(set, time)) {
				setTimer(time);
				return;
			}
			set = this.ringsAt.get();
		}
	}

	private void setTimer(long time) {
		try {
			this.timer.update(this.resources.timer().after(time - this.resources.time().mono(), this::ring));
		}
		catch (RuntimeException ex) {
			// The timer is shut down, and with it all that could still be waited for.
			this.ringsAt.set(NEVER);
		}
	}

	/**
	 * Whoever enters while the timer rings sets it again, or is seen here.
	 */
	private void ring() {
		this.ringsAt.set(NEVER);
		long now = this.resources.time().mono();
		long next = NEVER;
		for (Iterator<Waiter> all = this.waiters.iterator(); all.hasNext();) {
			Waiter waiter = all.next();
			if (waiter.isDone()) {
				all.remove();
			}
			else if (waiter.limit() <= now) {
				all.remove();
				Waking.call(waiter, (late) -> late.fail(waitedTooLong()));
			}
			else {
				next = Math.min(next, waiter.limit());
			}
		}
		if (next != NEVER && !isOver()) {
			ringBy(Math.max(next, now + RESOLUTION));
		}
	}

	private TransientTokenException waitedTooLong() {
		long maxWait = this.flight.lifecycle().client().settings().maxWait().toMillis();
		return new TransientTokenException(this.flight.key(),
				"the caller has waited for its max-wait of " + maxWait + " ms", null);
	}

}
