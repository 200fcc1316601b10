package io.github.evertoken.web;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A request that went without a token of Evertoken's, and what came of it.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class RequestWithoutToken {

	private final Instant at;

	private final @Nullable Integer status;

	private final Explanation explanation;

	RequestWithoutToken(Instant at, @Nullable Integer status, Explanation explanation) {
		this.at = at;
		this.status = status;
		this.explanation = explanation;
	}

	/**
	 * Return when it was answered, or failed.
	 * @return the instant, by the wall clock
	 */
	public Instant at() {
		return this.at;
	}

	/**
	 * Return how it was answered.
	 * @return the HTTP status, or {@code null} if there was no answer
	 */
	public @Nullable Integer status() {
		return this.status;
	}

	/**
	 * Return where it went, and why without a token.
	 * @return the explanation, made of the clients that there are
	 */
	public Explanation explanation() {
		return this.explanation;
	}

	@Override
	public String toString() {
		return this.at + " " + this.status + " " + this.explanation;
	}

}
