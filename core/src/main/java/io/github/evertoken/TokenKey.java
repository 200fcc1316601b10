package io.github.evertoken;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Names one token: the client it belongs to and the subject on whose behalf it is held.
 * All that is cached or shared is keyed by it.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class TokenKey {

	private static final int MAX_SUBJECT_BYTES = 1024;

	private static final int MAX_BYTES_PER_CHAR = 3;

	private final String client;

	private final @Nullable String subject;

	private final int hash;

	private TokenKey(String client, @Nullable String subject) {
		this.client = requireText(client, "client");
		this.subject = (subject != null) ? requireShort(requireText(subject, "subject")) : null;
		this.hash = 31 * client.hashCode() + Objects.hashCode(subject);
	}

	/**
	 * Name the token that a client holds on behalf of the service itself.
	 * @param client the client's name, as in {@code evertoken.clients.<name>}
	 * @return the key
	 * @throws IllegalArgumentException if the name is empty
	 */
	public static TokenKey of(String client) {
		return new TokenKey(client, null);
	}

	/**
	 * Name the token that a client holds on behalf of a subject.
	 * @param client the client's name, as in {@code evertoken.clients.<name>}
	 * @param subject the subject, for example a user's or a tenant's identifier;
	 * {@code null} for the service itself
	 * @return the key
	 * @throws IllegalArgumentException if the name or the subject is empty, or if the
	 * subject is longer than 1 KiB in UTF-8
	 */
	public static TokenKey of(String client, @Nullable String subject) {
		return new TokenKey(client, subject);
	}

	private static String requireText(String text, String what) {
		if (text.isBlank()) {
			throw new IllegalArgumentException("The " + what + " of a token key must not be empty");
		}
		return text;
	}

	/**
	 * Most subjects are so short that nothing has to be counted.
	 */
	private static String requireShort(String subject) {
		if (subject.length() > MAX_SUBJECT_BYTES / MAX_BYTES_PER_CHAR) {
			int bytes = subject.getBytes(StandardCharsets.UTF_8).length;
			if (bytes > MAX_SUBJECT_BYTES) {
				throw new IllegalArgumentException("The subject of a token key must not be longer than "
						+ MAX_SUBJECT_BYTES + " bytes in UTF-8, but has " + bytes);
			}
		}
		return subject;
	}

	/**
	 * Return the client's name.
	 * @return the name, never empty
	 */
	public String client() {
		return this.client;
	}

	/**
	 * Return the subject on whose behalf the token is held.
	 * @return the subject, or {@code null} for the service itself
	 */
	public @Nullable String subject() {
		return this.subject;
	}

	@Override
	public boolean equals(Object other) {
		return this == other || (other instanceof TokenKey that && this.hash == that.hash
				&& this.client.equals(that.client) && Objects.equals(this.subject, that.subject));
	}

	@Override
	public int hashCode() {
		return this.hash;
	}

	/**
	 * Return the key as it stands in messages and logs.
	 */
	@Override
	public String toString() {
		return "client '" + this.client + "'" + ((this.subject != null) ? " for subject '" + this.subject + "'" : "");
	}

}
