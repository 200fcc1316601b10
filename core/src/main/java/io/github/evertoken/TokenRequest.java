package io.github.evertoken;

import java.util.Objects;

import io.github.evertoken.TokenEvent.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TokenIssuer} is asked for.
 * <p>
 * Instances are immutable. The refresh token never appears in {@link #toString()}.
 *
 * @since 0.1.0
 */
public final class TokenRequest {

	private final TokenKey key;

	private final Trigger trigger;

	private final @Nullable String refreshToken;

	/**
	 * Create a request.
	 * @param key the key that needs a token set
	 * @param trigger why it needs one
	 * @param refreshToken the refresh token that is held for the key, or lent to it by
	 * the subject's own key, or {@code null}
	 */
	public TokenRequest(TokenKey key, Trigger trigger, @Nullable String refreshToken) {
		this.key = Objects.requireNonNull(key, "key");
		this.trigger = Objects.requireNonNull(trigger, "trigger");
		this.refreshToken = refreshToken;
	}

	/**
	 * Return the key that needs a token set.
	 * @return the key
	 */
	public TokenKey key() {
		return this.key;
	}

	/**
	 * Return why a token set is needed.
	 * @return the trigger
	 */
	public Trigger trigger() {
		return this.trigger;
	}

	/**
	 * Return the refresh token that is held for the key.
	 * @return the refresh token, or {@code null} if none is held or the last was refused
	 */
	public @Nullable String refreshToken() {
		return this.refreshToken;
	}

	@Override
	public String toString() {
		return "TokenRequest[" + this.key + ", trigger=" + this.trigger + ", refreshToken="
				+ ((this.refreshToken != null) ? "present" : "absent") + "]";
	}

}
