package io.github.evertoken.store;

import java.util.Objects;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TokenStore} has for a key: a token set, or the tombstone of one, with its
 * version.
 *
 * @since 0.1.0
 */
public final class StoredTokenSet {

	private final TokenKey key;

	private final long version;

	private final @Nullable TokenSet tokenSet;

	private StoredTokenSet(TokenKey key, long version, @Nullable TokenSet tokenSet) {
		if (version < 1) {
			throw new IllegalArgumentException("The version of a record must be 1 or more, but is " + version);
		}
		this.key = key.withoutSubjectToken();
		this.version = version;
		this.tokenSet = tokenSet;
	}

	/**
	 * Create a record.
	 * @param key the key
	 * @param version its version
	 * @param tokenSet the token set
	 * @return the record
	 * @throws IllegalArgumentException if the version is not positive
	 */
	public static StoredTokenSet of(TokenKey key, long version, TokenSet tokenSet) {
		return new StoredTokenSet(key, version, Objects.requireNonNull(tokenSet, "tokenSet"));
	}

	/**
	 * Create a tombstone.
	 * @param key the key
	 * @param version its version
	 * @return the record
	 * @throws IllegalArgumentException if the version is not positive
	 */
	public static StoredTokenSet removed(TokenKey key, long version) {
		return new StoredTokenSet(key, version, null);
	}

	/**
	 * Return the key whose record it is. A record of another key than the one that was
	 * asked for is not used.
	 * @return the key, without its {@linkplain TokenKey#subjectToken() subject token}
	 */
	public TokenKey key() {
		return this.key;
	}

	/**
	 * Return the version.
	 * @return the version, 1 or more
	 */
	public long version() {
		return this.version;
	}

	/**
	 * Return the token set.
	 * @return the token set, or {@code null} if the record is a tombstone
	 */
	public @Nullable TokenSet tokenSet() {
		return this.tokenSet;
	}

	/**
	 * Never the tokens.
	 */
	@Override
	public String toString() {
		return "StoredTokenSet[" + this.key + ", version=" + this.version + ", removed=" + (this.tokenSet == null)
				+ "]";
	}

}
