package io.github.evertoken.lifecycle;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * How one caller comes to a token that is not there: starts the flight or joins it, waits
 * for a log-in, goes on with the key's next life-cycle, or is told at once that it waits
 * in vain.
 */
final class CallerWait {

	private final TokenLifecycle lifecycle;

	private final ManagedClient client;

	private final Trigger trigger;

	private final ContextView context;

	private final @Nullable Flight outer;

	private long limit = Long.MIN_VALUE;

	CallerWait(TokenLifecycle lifecycle, Trigger trigger, ContextView context) {
		this.lifecycle = lifecycle;
		this.client = lifecycle.client();
		this.trigger = trigger;
		this.context = context;
		this.outer = Flight.in(context);
	}

	/**
	 * Join the flight, as nearly everybody does who has no token: there may be very many,
	 * and each costs no more than its place in the room.
	 * @return the wait, {@code null} if there is more to be thought about
	 */
	static @Nullable Mono<HeldToken> joining(TokenLifecycle lifecycle, Trigger trigger, ContextView context) {
		ManagedClient client = lifecycle.client();
		KeyState state = lifecycle.state();
		Flight flight = state.flight();
		if (flight == null || state.signedOut() != null || client.condition().isTroubled()
				|| !client.settings().awaitSignIn().isZero() || Flight.in(context) != null) {
			return null;
		}
		long mono = client.time().mono();
		HeldToken held = state.held();
		boolean served = held != null && held.isUsable(mono, client.time().wall(mono));
		return (!served && flight.isOnTime(mono))
				? new Waiter(flight, mono + client.settings().maxWait().toMillis(), trigger) : null;
	}

	/**
	 * Go on with a wait that has begun before.
	 * @param limit when it ends, by the monotonic clock
	 */
	CallerWait until(long limit) {
		this.limit = limit;
		return this;
	}

	/**
	 * Return the token that is held, or else the result of the flight.
	 */
	Mono<HeldToken> token() {
		return token(null);
	}

	/**
	 * Return the result of the flight, and the token that is held if none may start.
	 * @param held the token that works and does not do
	 */
	Mono<HeldToken> insteadOf(HeldToken held) {
		return token(held);
	}

	private Mono<HeldToken> token(@Nullable HeldToken insteadOf) {
		KeyState current = this.lifecycle.state();
		Moment now = this.lifecycle.now();
		HeldToken held = current.held();
		if (held != null && held != insteadOf && held.isUsable(now)) {
			return Mono.just((this.trigger != Trigger.START) ? held.use() : held);
		}
		if (current.closed()) {
			ContextView caller = this.context;
			return this.client.keys().goOn(this.lifecycle, (successor) -> successor.usableOrNext(caller));
		}
		if (this.outer != null && this.outer.isWithin(this.lifecycle)) {
			return (insteadOf != null) ? Mono.just(insteadOf) : Mono.error(waitsForItself());
		}
		if (current.signedOut() != null) {
			return signedOut(current.signedOut(), insteadOf);
		}
		Flight flight = current.flight(now);
		if (flight != null) {
			TokenException hopeless = hopeless(flight, now);
			return (hopeless == null) ? joined(flight, now) : failure(hopeless, insteadOf);
		}
		TokenException barred = barred(current, now);
		if (barred != null) {
			return failure(barred, insteadOf);
		}
		Flight own = copy().start(insteadOf);
		return (own != null) ? joined(own, now) : token(insteadOf);
	}

	/**
	 * Return the same for those ways that let go of it: on the way of all who join a
	 * flight it is never an object.
	 */
	private CallerWait copy() {
		return new CallerWait(this.lifecycle, this.trigger, this.context);
	}

	/**
	 * Start a flight, which is joined by whoever has started it though it should have
	 * ended by then.
	 * @return the flight, {@code null} if somebody else was faster
	 */
	private @Nullable Flight start(@Nullable HeldToken insteadOf) {
		Transition transition = this.lifecycle.apply((state, now) -> new CallerEvents.Use(this.trigger, insteadOf,
				barred(state, now) != null, this::prepare));
		return transition.changes() ? transition.next().flight() : null;
	}

	private Flight prepare(KeyState known, Trigger why, Moment now) {
		Flight flight = new Flight(this.lifecycle, why, known, this.outer, now);
		flight.startedBy(this.context);
		return flight;
	}

	/**
	 * Return why no flight starts for this caller now, {@code null} if one may.
	 */
	private @Nullable TokenException barred(KeyState state, Moment now) {
		if (state.cooldown().keepsCallers(now)) {
			TokenException failure = state.cooldown().failure();
			return (failure != null) ? failure.copy() : null;
		}
		return this.client.condition()
			.failsAtOnce(this.lifecycle.key(), now, this.client.settings().maxWait().toMillis(), false);
	}

	/**
	 * Return why waiting for a flight is in vain, {@code null} if it is not.
	 */
	private @Nullable TokenException hopeless(Flight flight, Moment now) {
		TokenException late = flight.hopeless(now);
		return (late != null) ? late.copy() : this.client.condition()
			.failsAtOnce(this.lifecycle.key(), now, this.client.settings().maxWait().toMillis(), true);
	}

	private Mono<HeldToken> failure(TokenException failure, @Nullable HeldToken insteadOf) {
		if (insteadOf != null) {
			return Mono.just(insteadOf);
		}
		if (this.trigger != Trigger.START && !this.context.hasKey(Waiter.class)) {
			this.client.callFailed(failure);
		}
		return Mono.error(failure);
	}

	private CircularWaitException waitsForItself() {
		return new CircularWaitException("The issuer of " + this.lifecycle.key()
				+ " waits for the token that it is to obtain. Let it call the token endpoint with a WebClient"
				+ " of its own, or without naming this client");
	}

	private Mono<HeldToken> signedOut(TokenException reason, @Nullable HeldToken insteadOf) {
		this.client.changes().mayHaveMissed(this.lifecycle);
		return (insteadOf == null && awaitsSignIn()) ? copy().afterSignIn(reason) : failure(reason.copy(), insteadOf);
	}

	/**
	 * Whoever finds out with the flight that somebody must log in waits like those who
	 * come later.
	 */
	private Mono<HeldToken> joined(Flight flight, Moment now) {
		if (this.outer != null && !this.outer.awaits(flight)) {
			return Mono.error(waitsForItself());
		}
		if (this.outer != null && this.outer.isWithin(this.client)) {
			flight.hasten();
		}
		long longest = now.after(this.client.settings().maxWait().toMillis());
		Mono<HeldToken> joined = new Waiter(flight, (this.limit != Long.MIN_VALUE) ? this.limit : longest,
				this.trigger);
		return awaitsSignIn() ? joined.onErrorResume(ReauthenticationRequiredException.class, copy()::afterSignIn)
				: joined;
	}

	/**
	 * No call waits more than once: what the sign-in brings may be refused in turn.
	 */
	private boolean awaitsSignIn() {
		return this.trigger == Trigger.USE && !this.client.settings().awaitSignIn().isZero()
				&& !this.context.hasKey(SignIns.class);
	}

	private Mono<HeldToken> afterSignIn(TokenException reason) {
		return this.client.signIns()
			.next(this.lifecycle.key(), () -> this.lifecycle.state().signedOut() != null)
			.timeout(this.client.resources().timer().signal(this.client.settings().awaitSignIn().toMillis()),
					Mono.error(reason::copy))
			.then(Mono
				.defer(() -> this.lifecycle.usableOrNext(Context.of(this.context).put(SignIns.class, this.lifecycle))));
	}

}
