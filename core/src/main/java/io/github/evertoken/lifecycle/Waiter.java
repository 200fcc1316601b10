package io.github.evertoken.lifecycle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenObserver.Outcome;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One caller who waits for a flight, from its subscription on. There may be very many, so
 * that it is {@code Mono} and subscription in one; it is made for one subscriber.
 */
final class Waiter extends Mono<HeldToken> implements Subscription {

	// The signal is null at first, then REQUESTED or, if the token has come before that,
	// the token; DONE at last. Whoever changes it to DONE, and nobody else, may use the
	// subscriber.

	private static final Object REQUESTED = "requested";

	private static final Object DONE = "done";

	private static final VarHandle SIGNAL = signalHandle();

	private final Flight flight;

	// By the monotonic clock: when the caller is told that it has waited long enough.
	private final long limit;

	private final Trigger trigger;

	private @Nullable CoreSubscriber<? super HeldToken> actual;

	// Read and swapped by SIGNAL.
	private volatile @Nullable Object signal;

	// Where the wait goes on if not in the room.
	private volatile @Nullable Subscription next;

	/**
	 * Prepare a wait.
	 * @param flight what is waited for
	 * @param limit until when, by the monotonic clock
	 * @param trigger why; a start is no use of the token
	 */
	Waiter(Flight flight, long limit, Trigger trigger) {
		this.flight = flight;
		this.limit = limit;
		this.trigger = trigger;
	}

	private static VarHandle signalHandle() {
		try {
			return MethodHandles.lookup().findVarHandle(Waiter.class, "signal", Object.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	@Override
	public void subscribe(CoreSubscriber<? super HeldToken> actual) {
		this.actual = actual;
		if (isCaller()) {
			observations().waitBegins();
		}
		actual.onSubscribe(this);
		this.flight.room().enter(this);
	}

	long limit() {
		return this.limit;
	}

	Trigger trigger() {
		return this.trigger;
	}

	boolean isDone() {
		return this.signal == DONE;
	}

	Context context() {
		CoreSubscriber<? super HeldToken> actual = this.actual;
		return (actual != null) ? actual.currentContext() : Context.empty();
	}

	@Override
	public void request(long n) {
		if (!Operators.validate(n) || SIGNAL.compareAndSet(this, null, REQUESTED)) {
			return;
		}
		if (this.signal instanceof HeldToken token && SIGNAL.compareAndSet(this, token, DONE)) {
			emit(token);
		}
	}

	@Override
	public void cancel() {
		if (SIGNAL.getAndSet(this, DONE) != DONE) {
			left(Outcome.CANCELLED);
			this.actual = null;
			Subscription next = this.next;
			if (next != null) {
				next.cancel();
			}
		}
	}

	/**
	 * Give the token. It waits for demand, if there is none yet.
	 */
	void wake(HeldToken token) {
		if (SIGNAL.compareAndSet(this, null, token)) {
			return;
		}
		if (SIGNAL.compareAndSet(this, REQUESTED, DONE)) {
			emit(token);
		}
	}

	/**
	 * Tell of a failure. Each waiter gets one of its own: an exception gathers suppressed
	 * ones on its way.
	 */
	void fail(TokenException failure) {
		fail((Throwable) failure.copy());
	}

	private void fail(Throwable failure) {
		if (SIGNAL.getAndSet(this, DONE) != DONE) {
			left(Outcome.of(failure));
			if (isCaller()) {
				this.flight.lifecycle().client().callFailed(failure);
			}
			subscriber().onError(failure);
		}
	}

	/**
	 * Go on somewhere else.
	 */
	void sendOn(Mono<HeldToken> elsewhere) {
		elsewhere.subscribe(new CoreSubscriber<>() {

			@Override
			public Context currentContext() {
				return context().put(Waiter.class, Waiter.this);
			}

			@Override
			public void onSubscribe(Subscription subscription) {
				Waiter.this.next = subscription;
				if (isDone()) {
					subscription.cancel();
				}
				else {
					subscription.request(Long.MAX_VALUE);
				}
			}

			@Override
			public void onNext(HeldToken token) {
				wake(token);
			}

			@Override
			public void onError(Throwable failure) {
				fail(failure);
			}

			@Override
			public void onComplete() {
				// The token has come.
			}
		});
	}

	private void emit(HeldToken token) {
		left(Outcome.SUCCESS);
		CoreSubscriber<? super HeldToken> subscriber = subscriber();
		subscriber.onNext((this.trigger != Trigger.START) ? token.use() : token);
		subscriber.onComplete();
	}

	private void left(Outcome outcome) {
		this.flight.room().left();
		if (isCaller()) {
			long maxWait = this.flight.lifecycle().client().settings().maxWait().toMillis();
			observations().waitEnds(this.flight.key(), this.limit - maxWait, outcome);
		}
	}

	/**
	 * Tell whether it is the wait of a caller: one that goes on from here is seen as a
	 * part of the first one, and a start is nobody's.
	 */
	private boolean isCaller() {
		return this.trigger != Trigger.START && !context().hasKey(Waiter.class);
	}

	private Observations observations() {
		return this.flight.lifecycle().client().observations();
	}

	private CoreSubscriber<? super HeldToken> subscriber() {
		return Objects.requireNonNull(this.actual);
	}

}
