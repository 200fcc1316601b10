package io.github.evertoken.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicReference;

import io.github.evertoken.TokenObserver.FlightObserver;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The side of a flight that knows which other flights wait for it, and for which it waits
 * itself: an issuer may need a token to obtain a token.
 */
abstract class NestedCall {

	private final TokenLifecycle lifecycle;

	private final @Nullable NestedCall outer;

	// Flights whose token this one waits for. It grows only.
	private final Set<NestedCall> awaited = new CopyOnWriteArraySet<>();

	private volatile boolean hastened;

	// Whoever it is because of, until it has taken off.
	private volatile ContextView starter = Context.empty();

	// Null before the take-off. Whoever takes the observer out tells it of the end.
	private final AtomicReference<@Nullable FlightObserver> observer = new AtomicReference<>();

	private volatile Context context = Context.of(Flight.class, this);

	/**
	 * Prepare a call.
	 * @param lifecycle the key whose call it is
	 * @param outer the call within which it is asked for, or {@code null}
	 */
	NestedCall(TokenLifecycle lifecycle, @Nullable NestedCall outer) {
		this.lifecycle = lifecycle;
		this.outer = outer;
	}

	/**
	 * Know the Reactor Context of the caller because of whom it takes off.
	 */
	final void startedBy(ContextView starter) {
		this.starter = starter;
	}

	final TokenLifecycle lifecycle() {
		return this.lifecycle;
	}

	abstract WaitingRoom room();

	/**
	 * Tell whether this flight, or one that waits for it, is the call of the given key. A
	 * wait for that key from here would never end.
	 */
	final boolean isWithin(TokenLifecycle lifecycle) {
		for (NestedCall call = this; call != null; call = call.outer) {
			if (call.lifecycle == lifecycle) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Tell whether this flight, or one that waits for it, is a call of the given client.
	 */
	final boolean isWithin(ManagedClient client) {
		for (NestedCall call = this; call != null; call = call.outer) {
			if (call.lifecycle.client() == client) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Tell whether it is within a flight of its own client, or one of these waits for it:
	 * that one's turn must not come first.
	 */
	final boolean isNested() {
		return this.hastened || (this.outer != null && this.outer.isWithin(this.lifecycle.client()));
	}

	/**
	 * A flight of the same client waits for this one.
	 */
	void hasten() {
		this.hastened = true;
		this.lifecycle.client().runway().hasten(this);
	}

	/**
	 * Wait for another flight, unless that one waits for this one. Of two that begin to
	 * wait for each other at the same time, each has written itself down before it looks:
	 * at least one sees the other (LC-14).
	 * @return whether the wait can end
	 */
	final boolean awaits(NestedCall other) {
		this.awaited.add(other);
		if (other.leadsTo(this)) {
			this.awaited.remove(other);
			return false;
		}
		return true;
	}

	private boolean leadsTo(NestedCall call) {
		Set<NestedCall> seen = new HashSet<>();
		Deque<NestedCall> next = new ArrayDeque<>(List.of(this));
		while (!next.isEmpty()) {
			NestedCall one = next.pop();
			if (one == call) {
				return true;
			}
			if (!one.room().isOver() && seen.add(one)) {
				next.addAll(one.awaited);
			}
		}
		return false;
	}

	/**
	 * Return the Reactor Context of the call: it knows of the flight and of nothing that
	 * any caller has in its own.
	 */
	final Context context() {
		return this.context;
	}

	/**
	 * It is about to take off, or takes off again. One that has ended before it was seen
	 * to take off is seen to end here.
	 */
	final void takesOff() {
		if (this.observer.get() != null) {
			return;
		}
		Flight self = (Flight) this;
		FlightObserver seen = this.lifecycle.client().observations().flightStarted(self, this.starter);
		this.starter = Context.empty();
		this.context = seen.context(this.context);
		this.observer.set(seen);
		FlightLog.takesOff(self);
		if (room().isOver()) {
			ended(Ending.CANCELLED);
		}
	}

	final void ended(Ending ending) {
		if (this.observer.get() != null) {
			Objects.requireNonNull(this.observer.getAndSet(FlightObserver.NONE))
				.ended(ending.outcome(), ending.failure());
		}
	}

	/**
	 * The issuer has answered with a token set.
	 */
	final void issued(TokenSet tokens, Moment now) {
		FlightObserver seen = this.observer.get();
		if (seen != null && seen != FlightObserver.NONE) {
			Flight flight = (Flight) this;
			seen.issued(ObservedTimes.answer(tokens, this.lifecycle.client().settings().defaultLifetime(),
					flight.sessionWith(flight.known(), tokens, now), now));
		}
	}

	/**
	 * A token is replaced that lasts for a while still.
	 */
	final void replaces(HeldToken token, Moment now) {
		FlightObserver seen = this.observer.get();
		if (seen != null) {
			seen.replaced(token.remaining(now));
		}
	}

	/**
	 * Return the flight within whose call the Context is, if any.
	 */
	static @Nullable Flight in(ContextView context) {
		return context.getOrDefault(Flight.class, null);
	}

}
