package io.github.evertoken.lifecycle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.BiFunction;

import io.github.evertoken.TokenKey;

/**
 * Holds the state of one key, and lets it answer events. It is a superclass because there
 * may be very many keys, and an object of its own would cost each of them more.
 */
abstract class StateHolder {

	// The whole truth is one immutable KeyState behind one reference. Whatever happens is
	// an event; apply() reads the state, has it answer the event without side effects,
	// and swaps the answer in by compare-and-set. Whoever loses starts over from the
	// state that won. The effects (starting the call, events, the timer, waking waiters)
	// follow the swap, and only whoever has swapped causes them. From that:
	//
	// - One flight. A flight starts by swapping a state without one for a state with
	// it. Of any number of callers one starts it, the others find it (SF-1).
	// - Published before woken. A landing swaps the new token in and then wakes the
	// waiters: none finds an empty key and starts a second flight (SF-6).
	// - The last word. A landing counts only while its own flight is in the state. put,
	// remove and close take it out, so that a flight cannot overwrite what came after
	// it took off: put × landing ends with the token set that was put.
	// - Generations. A rejection counts only while the rejected token is held. Of a
	// thousand 401s for one token the first takes it out of the state; the others,
	// like a late one after the renewal, change nothing (RJ-2).
	//
	// The reminder is outside of the state: when it rings, the state says whether there
	// is anything to do, and a caller at that time would do the same without it. So is
	// the condition of the issuer, which is that of many keys: an event brings along what
	// it says.
	//
	// There may be very many subjects' keys, so that each byte counts here: what all
	// keys of a client share is reached through the client.

	private static final VarHandle STATE = stateHandle();

	private final ManagedClient client;

	// Changes once at most: to an equal key that has the subject token too.
	private volatile TokenKey key;

	// Read and swapped by STATE.
	private volatile KeyState state;

	// When the key was used last, in units of 1,024 ms of the monotonic clock. A race
	// loses a second at most; it is read before it is written, so that the line of memory
	// stays shared.
	private int lastUse;

	StateHolder(TokenKey key, ManagedClient client, KeyState first) {
		this.key = key;
		this.client = client;
		this.state = first;
	}

	private static VarHandle stateHandle() {
		try {
			return MethodHandles.lookup().findVarHandle(StateHolder.class, "state", KeyState.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/**
	 * Have the state answer an event, and do what follows.
	 * @param event makes the event for the state as it is, without a side effect
	 * @return the answer
	 */
	final Transition apply(BiFunction<KeyState, Moment, KeyEvent> event) {
		for (;;) {
			KeyState current = this.state;
			Moment now = now();
			KeyEvent happened = event.apply(current, now);
			Transition transition = current.on(happened, now);
			if (!transition.changes() || STATE.compareAndSet(this, current, transition.next())) {
				if (transition.changes() && lifecycle().isService()) {
					this.client.journal().happened(happened, transition, now);
				}
				if (transition.changes() || !transition.effects().isEmpty()) {
					new EffectRunner(lifecycle()).run(transition);
				}
				return transition;
			}
		}
	}

	final Transition happens(KeyEvent event) {
		return apply((state, now) -> event);
	}

	abstract TokenLifecycle lifecycle();

	final KeyState state() {
		return this.state;
	}

	final ManagedClient client() {
		return this.client;
	}

	/**
	 * Return the key.
	 * @return the key
	 */
	public final TokenKey key() {
		return this.key;
	}

	/**
	 * Tell that a resource server asks for another scope than that of a token (RFC 6750,
	 * section 3.1). The state stays as it is; a line in the log tells of it.
	 * @param token the token that was sent
	 * @param refusal how it was refused
	 */
	public final void scopeInsufficient(HeldToken token, Refusal refusal) {
		this.client.events(this.key).scopeInsufficient(token, refusal);
	}

	/**
	 * Know the key's subject token from now on. The life-cycle may have begun with a key
	 * that somebody had from an event, without it.
	 */
	final void learn(TokenKey key) {
		if (key.subjectToken() != null && this.key.subjectToken() == null) {
			this.key = key;
		}
	}

	/**
	 * The key is used. So is the one whose refresh token it borrows, which nobody else
	 * may use; that is said once a second.
	 */
	final void touch(long mono) {
		int use = (int) (mono >>> 10);
		if (this.lastUse != use) {
			this.lastUse = use;
			if (VariedKeys.isVaried(this.key)) {
				this.client.touchOwn(this.key, mono);
			}
		}
	}

	/**
	 * Return when the key was used last, for comparing.
	 */
	final int lastUse() {
		return this.lastUse;
	}

	final Moment now() {
		return this.client.resources().now();
	}

}
