package io.github.evertoken.store;

import java.util.Objects;

import io.github.evertoken.TokenKey;

/**
 * That the record of a key was changed. It says no more than whether that is urgent: what
 * rests there now is read from the store.
 *
 * @param key the key, never {@code null}
 * @param renewal whether a token set was merely {@linkplain ClaimRequest#renews()
 * renewed}: whoever has the one before may use it until its own renewal time. If not,
 * something was put in, removed, or obtained in place of what was rejected
 * @since 0.1.0
 */
public record StoreChange(TokenKey key, boolean renewal) {

	/**
	 * Create a change.
	 * @param key the key
	 * @param renewal whether a token set was merely renewed
	 */
	public StoreChange {
		Objects.requireNonNull(key, "key");
	}

	/**
	 * Tell of a change after which nobody is to use what was there before for longer than
	 * it takes to hear of it.
	 * @param key the key
	 * @return the change
	 */
	public static StoreChange of(TokenKey key) {
		return new StoreChange(key, false);
	}

	/**
	 * Tell of a renewal.
	 * @param key the key
	 * @return the change
	 */
	public static StoreChange renewal(TokenKey key) {
		return new StoreChange(key, true);
	}

}
