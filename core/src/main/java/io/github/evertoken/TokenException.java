package io.github.evertoken;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * No access token could be had. The type tells what can help:
 * <ul>
 * <li>{@link TransientTokenException}: time;</li>
 * <li>{@link TokenRefusedException}: another configuration;</li>
 * <li>{@link ReauthenticationRequiredException}: somebody who logs in again.</li>
 * </ul>
 * The message names the client, the subject, what the issuer said, and where the
 * reference tells more of it, and never a token or a secret.
 *
 * @serial exclude
 * @since 0.1.0
 */
public abstract sealed class TokenException extends RuntimeException
		permits TransientTokenException, TokenRefusedException, ReauthenticationRequiredException {

	private final TokenKey key;

	private final String reason;

	private final @Nullable String error;

	private final @Nullable String errorDescription;

	TokenException(TokenKey key, String kind, Troubleshooting section, String reason, @Nullable String error,
			@Nullable String errorDescription, @Nullable Throwable cause) {
		super(message(key, kind, reason, error, errorDescription) + section.reference(), cause);
		this.key = key.withoutSubjectToken();
		this.reason = Objects.requireNonNull(reason, "reason");
		this.error = error;
		this.errorDescription = errorDescription;
	}

	private static String message(TokenKey key, String kind, String reason, @Nullable String error,
			@Nullable String errorDescription) {
		StringBuilder message = new StringBuilder("No access token for ").append(key)
			.append(" (")
			.append(kind)
			.append("): ")
			.append(reason);
		if (error != null) {
			message.append("; error '").append(error).append('\'');
		}
		if (errorDescription != null) {
			message.append(", error_description '").append(errorDescription).append('\'');
		}
		return message.toString();
	}

	/**
	 * Return the key for which no token could be had.
	 * @return the key, without its {@linkplain TokenKey#subjectToken() subject token}
	 */
	public TokenKey key() {
		return this.key;
	}

	/**
	 * Return the name of the client for which no token could be had.
	 * @return the client's name
	 */
	public String client() {
		return this.key.client();
	}

	/**
	 * Return the subject for whom no token could be had.
	 * @return the subject, or {@code null} for the service itself
	 */
	public @Nullable String subject() {
		return this.key.subject();
	}

	/**
	 * Return what went wrong, without the rest of the message.
	 * @return the reason
	 */
	public String reason() {
		return this.reason;
	}

	/**
	 * Return the issuer's {@code error} code (RFC 6749, section 5.2).
	 * @return the code, or {@code null} if the issuer gave none
	 */
	public @Nullable String error() {
		return this.error;
	}

	/**
	 * Return the issuer's {@code error_description} (RFC 6749, section 5.2).
	 * @return the description, or {@code null} if the issuer gave none
	 */
	public @Nullable String errorDescription() {
		return this.errorDescription;
	}

	/**
	 * Return the same failure for another caller. An exception gathers suppressed ones on
	 * its way, so no two callers are given the same instance.
	 * @return a copy with the caller's own stack trace
	 */
	public abstract TokenException copy();

}
