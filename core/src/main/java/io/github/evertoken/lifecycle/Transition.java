package io.github.evertoken.lifecycle;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The answer to an event.
 *
 * @param before the state that the event happened to
 * @param next the state that follows, the same instance if nothing changes
 * @param effects what is to be done about it, in this order, when the next state is in
 * place
 */
record Transition(KeyState before, KeyState next, List<Effect> effects) {

	static Transition stay(KeyState state) {
		return new Transition(state, state, List.of());
	}

	static Transition of(KeyState before, KeyState next, Effect... effects) {
		return new Transition(before, next, List.of(effects));
	}

	/**
	 * Return the flight that has left the state, {@code null} if none has.
	 */
	@Nullable Flight left() {
		Flight flight = this.before.flight();
		return (flight != this.next.flight()) ? flight : null;
	}

	boolean changes() {
		return this.before != this.next;
	}

}
