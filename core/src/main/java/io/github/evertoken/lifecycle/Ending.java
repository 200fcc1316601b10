package io.github.evertoken.lifecycle;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenObserver.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What a flight has come to, for those who look: it may be something else than what its
 * waiters get, who are given a suspect or a token that was put in meanwhile.
 *
 * @param outcome what it has come to
 * @param failure why it has failed, {@code null} if it has not
 */
record Ending(Outcome outcome, @Nullable TokenException failure) {

	/**
	 * It has brought a token.
	 */
	static final Ending LANDED = new Ending(Outcome.SUCCESS, null);

	/**
	 * It was not needed any more.
	 */
	static final Ending CANCELLED = new Ending(Outcome.CANCELLED, null);

	static Ending of(TokenException failure) {
		return new Ending(Outcome.of(failure), failure);
	}

}
