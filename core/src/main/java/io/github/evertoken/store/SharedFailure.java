package io.github.evertoken.store;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a replica has learnt when it asked the issuer in vain, for the others, who need
 * not ask then.
 *
 * @since 0.1.0
 */
public final class SharedFailure {

	private final Kind kind;

	private final String reason;

	private final @Nullable String error;

	private final Duration cooldown;

	private final boolean ambiguous;

	private final @Nullable String tried;

	private final boolean awaited;

	private SharedFailure(Kind kind, String reason, @Nullable String error, Duration cooldown, boolean ambiguous,
			@Nullable String tried, boolean awaited) {
		this.kind = Objects.requireNonNull(kind, "kind");
		this.reason = Objects.requireNonNull(reason, "reason");
		this.error = error;
		this.cooldown = Objects.requireNonNull(cooldown, "cooldown");
		this.ambiguous = ambiguous;
		this.tried = tried;
		this.awaited = awaited;
	}

	/**
	 * Create a failure.
	 * @param kind what can help
	 * @param reason what went wrong, short and without a secret
	 * @param error the issuer's {@code error} (RFC 6749, section 5.2), or {@code null}
	 * @param cooldown how long the issuer is left alone for this key, zero or positive;
	 * of no meaning if somebody must log in
	 * @return the failure, of a request that certainly has redeemed nothing
	 */
	public static SharedFailure of(Kind kind, String reason, @Nullable String error, Duration cooldown) {
		return new SharedFailure(kind, reason, error, cooldown, false, null, false);
	}

	/**
	 * Return what can help.
	 * @return the kind
	 */
	public Kind kind() {
		return this.kind;
	}

	/**
	 * Return what went wrong.
	 * @return the reason, short and without a secret
	 */
	public String reason() {
		return this.reason;
	}

	/**
	 * Return the issuer's {@code error} (RFC 6749, section 5.2).
	 * @return the code, or {@code null} if it gave none
	 */
	public @Nullable String error() {
		return this.error;
	}

	/**
	 * Return how long the issuer is left alone for this key.
	 * @return the time, zero or positive
	 */
	public Duration cooldown() {
		return this.cooldown;
	}

	/**
	 * Return whether nobody can know if the refresh token was redeemed.
	 * @return whether it is so
	 */
	public boolean ambiguous() {
		return this.ambiguous;
	}

	/**
	 * Return by what those who come later see whether they have something that was not
	 * tried yet. The store keeps it as it is.
	 * @return a short text without a secret, or {@code null}
	 */
	public @Nullable String tried() {
		return this.tried;
	}

	/**
	 * Return the same failure, after which nobody can know if the refresh token was
	 * redeemed.
	 * @param ambiguous whether it is so
	 * @return the failure
	 */
	public SharedFailure withAmbiguous(boolean ambiguous) {
		return new SharedFailure(this.kind, this.reason, this.error, this.cooldown, ambiguous, this.tried,
				this.awaited);
	}

	/**
	 * Return the same failure with what was tried.
	 * @param tried a short text without a secret, or {@code null}
	 * @return the failure
	 */
	public SharedFailure withTried(@Nullable String tried) {
		return new SharedFailure(this.kind, this.reason, this.error, this.cooldown, this.ambiguous, tried,
				this.awaited);
	}

	/**
	 * Return whether a caller has waited for what has failed. The pause after failures
	 * for which nobody has waited is no caller's business: whoever has one asks once
	 * more.
	 * @return whether one has
	 */
	public boolean awaited() {
		return this.awaited;
	}

	/**
	 * Return the same, of which it is known whether a caller has waited for it.
	 * @param awaited whether one has
	 * @return the failure
	 */
	public SharedFailure withAwaited(boolean awaited) {
		return new SharedFailure(this.kind, this.reason, this.error, this.cooldown, this.ambiguous, this.tried,
				awaited);
	}

	@Override
	public String toString() {
		return "SharedFailure[" + this.kind + ", " + this.reason + ", error=" + this.error + ", cooldown="
				+ this.cooldown + ", ambiguous=" + this.ambiguous + ", awaited=" + this.awaited + "]";
	}

	/**
	 * What can help, as the types of {@code TokenException} tell it.
	 */
	public enum Kind {

		/**
		 * Time.
		 */
		TRANSIENT,

		/**
		 * Another configuration, here or at the issuer.
		 */
		REFUSED,

		/**
		 * Somebody who logs in again.
		 */
		REAUTHENTICATION

	}

}
