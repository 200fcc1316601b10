package io.github.evertoken;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * No access token could be had for the moment: the issuer could not be reached, took too
 * long, was out of order or busy, or answered with something that is not a token
 * response. A later attempt may succeed.
 *
 * @since 0.1.0
 */
public final class TransientTokenException extends TokenException {

	private final @Nullable Duration retryAfter;

	/**
	 * Create an exception for an issuer that failed without a word.
	 * @param key the key for which no token could be had
	 * @param reason what went wrong; never a secret
	 * @param cause what caused it, or {@code null}
	 */
	public TransientTokenException(TokenKey key, String reason, @Nullable Throwable cause) {
		this(key, reason, null, null, null, cause);
	}

	/**
	 * Create an exception with all that the issuer said.
	 * @param key the key for which no token could be had
	 * @param reason what went wrong; never a secret
	 * @param error the issuer's {@code error}, or {@code null}
	 * @param errorDescription the issuer's {@code error_description}, or {@code null}
	 * @param retryAfter how long the issuer asked to be left alone ({@code Retry-After},
	 * RFC 9110, section 10.2.3), or {@code null}
	 * @param cause what caused it, or {@code null}
	 */
	public TransientTokenException(TokenKey key, String reason, @Nullable String error,
			@Nullable String errorDescription, @Nullable Duration retryAfter, @Nullable Throwable cause) {
		super(key, "transient", reason, error, errorDescription, cause);
		this.retryAfter = retryAfter;
	}

	/**
	 * Return how long the issuer asked to be left alone.
	 * @return the time, or {@code null} if it did not ask
	 */
	public @Nullable Duration retryAfter() {
		return this.retryAfter;
	}

	@Override
	public TransientTokenException copy() {
		return new TransientTokenException(key(), reason(), error(), errorDescription(), this.retryAfter, getCause());
	}

}
