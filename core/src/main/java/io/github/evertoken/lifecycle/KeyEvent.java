package io.github.evertoken.lifecycle;

/**
 * Something that happens to a key. Each event is a row of the table in
 * {@code docs/lifecycle.md}; the implementations stand together by where they come from:
 * {@link CallerEvents}, {@link FlightEvents}, {@link LoanEvents}, {@link CommandEvents};
 * and {@link OthersTurn}.
 */
interface KeyEvent {

	/**
	 * Answer the event, without a side effect. A closed key is never asked.
	 * @param state the state that it happens to
	 * @param now when it happens
	 */
	Transition on(KeyState state, Moment now);

}
