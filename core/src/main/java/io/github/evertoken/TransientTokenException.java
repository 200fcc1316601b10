package io.github.evertoken;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * No access token could be had for the moment: the issuer could not be reached, took too
 * long, was out of order or busy, or answered with something that is not a token
 * response. A later attempt may succeed.
 *
 * @serial exclude
 * @since 0.1.0
 */
public final class TransientTokenException extends TokenException {

	private final @Nullable Duration retryAfter;

	private final boolean ambiguous;

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
		this(key, reason, error, errorDescription, retryAfter, false, cause);
	}

	/**
	 * Create an exception with all that the issuer said, or did not say.
	 * @param key the key for which no token could be had
	 * @param reason what went wrong; never a secret
	 * @param error the issuer's {@code error}, or {@code null}
	 * @param errorDescription the issuer's {@code error_description}, or {@code null}
	 * @param retryAfter how long the issuer asked to be left alone ({@code Retry-After},
	 * RFC 9110, section 10.2.3), or {@code null}
	 * @param ambiguous see {@link #ambiguous()}
	 * @param cause what caused it, or {@code null}
	 */
	public TransientTokenException(TokenKey key, String reason, @Nullable String error,
			@Nullable String errorDescription, @Nullable Duration retryAfter, boolean ambiguous,
			@Nullable Throwable cause) {
		super(key, "transient", section(cause), reason, error, errorDescription, cause);
		this.retryAfter = retryAfter;
		this.ambiguous = ambiguous;
	}

	/**
	 * What a client authenticates with is mended here, and not by the issuer.
	 */
	private static Troubleshooting section(@Nullable Throwable cause) {
		return (cause instanceof CredentialException) ? Troubleshooting.CREDENTIAL : Troubleshooting.TRANSIENT_TOKEN;
	}

	/**
	 * Return how long the issuer asked to be left alone.
	 * @return the time, or {@code null} if it did not ask
	 */
	public @Nullable Duration retryAfter() {
		return this.retryAfter;
	}

	/**
	 * Tell whether nobody can know if the issuer has acted upon the request: the
	 * connection broke, the answer was torn or it took too long, after the request had
	 * been sent; the answer was one of success in which no token response can be read; or
	 * a gateway says that it has got none (RFC 9110, sections 15.6.3 and 15.6.5). A
	 * refresh token that was sent may be used up then.
	 * @return whether that is so; {@code false} when the request cannot have been sent
	 * (the connection was refused, the host is not known, the TLS handshake failed, the
	 * pool had no connection, the proxy refused), and when an error of the issuer was
	 * read whole
	 */
	public boolean ambiguous() {
		return this.ambiguous;
	}

	@Override
	public TransientTokenException copy() {
		return new TransientTokenException(key(), reason(), error(), errorDescription(), this.retryAfter,
				this.ambiguous, getCause());
	}

}
