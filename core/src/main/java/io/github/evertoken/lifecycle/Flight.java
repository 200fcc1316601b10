package io.github.evertoken.lifecycle;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The one running call to the issuer for a key, as the cached {@code Mono} that all its
 * waiters share. The life-cycle subscribes the call and lands the flight with its result;
 * waiters come and go without any effect on it, before and after it has landed.
 */
final class Flight extends Mono<HeldToken> {

	// How waiters and the landing meet:
	//
	// Waiters form a Treiber stack in `waiters`: a waiter links itself to the head and
	// swings the head to itself by compare-and-set. The first landing sets `result`, by
	// compare-and-set too, and then swaps the head for the mark LANDED, which takes all
	// waiters off in one step.
	//
	// A waiter that comes while the flight lands either gets its compare-and-set through
	// before the swap, and is taken off and woken by the landing, or sees LANDED and
	// wakes
	// itself; `result` was set before LANDED was, so both see it. None is woken twice,
	// because a waiter is on the stack or sees LANDED, never both, and none is forgotten.
	//
	// In contrast to an array that is copied for each subscriber, joining costs one node,
	// however many wait. A waiter that cancels stays on the stack, empty, until the
	// flight
	// lands; the flight's time-out bounds that.

	private static final Waiter LANDED = new Waiter(null, false);

	private final AtomicReference<@Nullable Waiter> waiters = new AtomicReference<>();

	// A HeldToken or a TokenException.
	private final AtomicReference<@Nullable Object> result = new AtomicReference<>();

	private final Disposable.Swap call = Disposables.swap();

	private final TokenLifecycle lifecycle;

	private final Trigger trigger;

	private final @Nullable Flight outer;

	private final long startedAt;

	private final long deadline;

	// Written by the call alone, and read where it lands: by the call or by its time-out.
	private volatile @Nullable String refreshToken;

	/**
	 * Prepare a flight.
	 * @param lifecycle the key whose flight it is
	 * @param trigger why it takes off
	 * @param refreshToken the refresh token that it takes along
	 * @param outer the flight within which it is asked for, or {@code null}
	 * @param startedAt the time now
	 * @param deadline the time at which it has ended in any case
	 */
	Flight(TokenLifecycle lifecycle, Trigger trigger, @Nullable String refreshToken, @Nullable Flight outer,
			long startedAt, long deadline) {
		this.lifecycle = lifecycle;
		this.trigger = trigger;
		this.refreshToken = refreshToken;
		this.outer = outer;
		this.startedAt = startedAt;
		this.deadline = deadline;
	}

	TokenKey key() {
		return this.lifecycle.key();
	}

	Trigger trigger() {
		return this.trigger;
	}

	long startedAt() {
		return this.startedAt;
	}

	long deadline() {
		return this.deadline;
	}

	@Nullable String refreshToken() {
		return this.refreshToken;
	}

	void takeAlong(@Nullable String refreshToken) {
		this.refreshToken = refreshToken;
	}

	/**
	 * Return the Reactor Context of the call: it knows of the flight and of nothing that
	 * any caller has in its own.
	 */
	Context context() {
		return Context.of(Flight.class, this);
	}

	/**
	 * Return the flight within whose call the Context is, if any.
	 */
	static @Nullable Flight in(ContextView context) {
		return context.getOrDefault(Flight.class, null);
	}

	/**
	 * Tell whether this flight, or one that waits for it, is the call of the given key. A
	 * wait for that key from here would never end.
	 */
	boolean isWithin(TokenLifecycle lifecycle) {
		for (Flight flight = this; flight != null; flight = flight.outer) {
			if (flight.lifecycle == lifecycle) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Tell whether this flight, or one that waits for it, is a call of the given client.
	 */
	boolean isWithin(ManagedClient client) {
		for (Flight flight = this; flight != null; flight = flight.outer) {
			if (flight.lifecycle.client() == client) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Tell whether the key still waits for this flight. Once a token set was put in or
	 * removed, what the flight brings is not to be kept.
	 */
	boolean isUnderway() {
		return this.lifecycle.isUnderway(this);
	}

	/**
	 * Tell the key that what rests in the store is known now.
	 */
	void restored() {
		this.lifecycle.leaveStore();
	}

	/**
	 * Remember the call, and cancel it at once if the flight was cancelled before it
	 * began.
	 */
	void runs(Disposable call) {
		this.call.update(call);
	}

	/**
	 * Cancel the call to the issuer.
	 */
	void cancel() {
		this.call.dispose();
	}

	boolean isCancelled() {
		return this.call.isDisposed();
	}

	/**
	 * Wake all waiters with a token. Only the first landing counts.
	 */
	void land(HeldToken token) {
		landWith(token);
	}

	/**
	 * Wake all waiters with a failure. Only the first landing counts.
	 */
	void land(TokenException failure) {
		landWith(failure);
	}

	private void landWith(Object outcome) {
		if (this.result.compareAndSet(null, outcome)) {
			Waiter latest = this.waiters.getAndSet(LANDED);
			Waiter waiter = inOrderOfArrival(latest);
			while (waiter != null) {
				Waiter next = waiter.next;
				waiter.next = null;
				wake(waiter, outcome);
				waiter = next;
			}
		}
	}

	/**
	 * What one waiter throws, against its contract or because a class cannot be loaded,
	 * must not keep the token from the others.
	 */
	private static void wake(Waiter waiter, Object outcome) {
		try {
			waiter.wake(outcome);
		}
		catch (Throwable ex) {
			Operators.onErrorDropped(ex, Context.empty());
		}
	}

	private static @Nullable Waiter inOrderOfArrival(@Nullable Waiter latest) {
		Waiter earliest = null;
		Waiter waiter = latest;
		while (waiter != null) {
			Waiter earlier = waiter.next;
			waiter.next = earliest;
			earliest = waiter;
			waiter = earlier;
		}
		return earliest;
	}

	/**
	 * Wait for the token, and use it.
	 */
	@Override
	public void subscribe(CoreSubscriber<? super HeldToken> actual) {
		join(new Waiter(actual, true), actual);
	}

	/**
	 * Return the end of this flight for somebody who has no use for the token.
	 */
	Mono<HeldToken> landing() {
		return new Mono<>() {
			@Override
			public void subscribe(CoreSubscriber<? super HeldToken> actual) {
				join(new Waiter(actual, false), actual);
			}
		};
	}

	private void join(Waiter waiter, CoreSubscriber<? super HeldToken> actual) {
		actual.onSubscribe(waiter);
		if (!board(waiter)) {
			waiter.wake(Objects.requireNonNull(this.result.get()));
		}
	}

	private boolean board(Waiter waiter) {
		for (;;) {
			Waiter latest = this.waiters.get();
			if (latest == LANDED) {
				return false;
			}
			waiter.next = latest;
			if (this.waiters.compareAndSet(latest, waiter)) {
				return true;
			}
		}
	}

	/**
	 * One subscriber of the flight. Its value is its state: {@code null} at first, then
	 * REQUESTED or, if the flight has landed before that, the token; DONE at last.
	 * Whoever changes it to DONE, and nobody else, may use the subscriber.
	 */
	private static final class Waiter extends AtomicReference<@Nullable Object> implements Subscription {

		private static final long serialVersionUID = 1L;

		private static final Object REQUESTED = "requested";

		private static final Object DONE = "done";

		private transient @Nullable CoreSubscriber<? super HeldToken> actual;

		// Written before the waiter is on the stack and after it was taken off.
		private transient @Nullable Waiter next;

		private final boolean user;

		Waiter(@Nullable CoreSubscriber<? super HeldToken> actual, boolean user) {
			this.actual = actual;
			this.user = user;
		}

		@Override
		public void request(long n) {
			if (!Operators.validate(n) || compareAndSet(null, REQUESTED)) {
				return;
			}
			if (get() instanceof HeldToken token && compareAndSet(token, DONE)) {
				emit(token);
			}
		}

		@Override
		public void cancel() {
			if (getAndSet(DONE) != DONE) {
				this.actual = null;
			}
		}

		void wake(Object result) {
			if (result instanceof HeldToken token) {
				if (!compareAndSet(null, token) && compareAndSet(REQUESTED, DONE)) {
					emit(token);
				}
			}
			else if (getAndSet(DONE) != DONE) {
				subscriber().onError(((TokenException) result).copy());
			}
		}

		private void emit(HeldToken token) {
			CoreSubscriber<? super HeldToken> subscriber = subscriber();
			subscriber.onNext(this.user ? token.use() : token);
			subscriber.onComplete();
		}

		private CoreSubscriber<? super HeldToken> subscriber() {
			return Objects.requireNonNull(this.actual);
		}

	}

}
