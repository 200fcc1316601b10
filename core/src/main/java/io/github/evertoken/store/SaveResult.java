package io.github.evertoken.store;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link TokenStore} has made of a token set that was to be saved.
 *
 * @since 0.1.0
 */
public final class SaveResult {

	private final long version;

	private final @Nullable StoredTokenSet current;

	private SaveResult(long version, @Nullable StoredTokenSet current) {
		this.version = version;
		this.current = current;
	}

	/**
	 * The token set is safe.
	 * @param version the version that it has
	 * @return the result
	 */
	public static SaveResult saved(long version) {
		return new SaveResult(version, null);
	}

	/**
	 * The record has another version than expected. Nothing was changed.
	 * @param current the record as it is
	 * @return the result
	 */
	public static SaveResult conflict(StoredTokenSet current) {
		return new SaveResult(current.version(), Objects.requireNonNull(current, "current"));
	}

	/**
	 * Tell whether the token set is safe.
	 * @return whether it is
	 */
	public boolean isSaved() {
		return this.current == null;
	}

	/**
	 * Return the version that the record has now.
	 * @return the version
	 */
	public long version() {
		return this.version;
	}

	/**
	 * Return the record that is there instead of the expected one.
	 * @return the record, or {@code null} if the token set is safe
	 */
	public @Nullable StoredTokenSet current() {
		return this.current;
	}

	@Override
	public String toString() {
		return isSaved() ? "Saved[version=" + this.version + "]" : "Conflict[" + this.current + "]";
	}

}
