package io.github.evertoken;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Names one token: the client it belongs to, the subject on whose behalf it is held, and
 * what else varies it. All that is cached or shared is keyed by it.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class TokenKey {

	private static final int MAX_SUBJECT_BYTES = 1024;

	private static final int MAX_BYTES_PER_CHAR = 3;

	private static final String SUBJECT_TOKEN_PREFIX = "sha-256:";

	private final String client;

	private final @Nullable String subject;

	private final TokenParameters parameters;

	// Neither in equals() nor in toString(): the subject is its hash.
	private final @Nullable String subjectToken;

	private final int hash;

	private TokenKey(String client, @Nullable String subject, TokenParameters parameters,
			@Nullable String subjectToken) {
		this.client = client;
		this.subject = subject;
		this.parameters = parameters;
		this.subjectToken = subjectToken;
		this.hash = 31 * (31 * client.hashCode() + Objects.hashCode(subject)) + parameters.hashCode();
	}

	/**
	 * Name the token that a client holds on behalf of the service itself.
	 * @param client the client's name, as in {@code evertoken.clients.<name>}
	 * @return the key
	 * @throws IllegalArgumentException if the name is empty
	 */
	public static TokenKey of(String client) {
		return of(client, null);
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
		return new TokenKey(requireText(client, "client"),
				(subject != null) ? requireShort(requireText(subject, "subject")) : null, TokenParameters.none(), null);
	}

	/**
	 * Name the token that a client holds on behalf of whom a token stands for: what is
	 * exchanged for it (RFC 8693, section 2.1), or the assertion that grants it (RFC
	 * 7523, section 2.1). The subject is the token's SHA-256 hash, so that each token has
	 * a key of its own.
	 * @param client the client's name, as in {@code evertoken.clients.<name>}
	 * @param subjectToken the token, of whichever form
	 * @return the key
	 * @throws IllegalArgumentException if the name or the token is empty
	 */
	public static TokenKey onBehalfOf(String client, String subjectToken) {
		requireText(subjectToken, "subject token");
		return new TokenKey(requireText(client, "client"), SUBJECT_TOKEN_PREFIX + sha256(subjectToken),
				TokenParameters.none(), subjectToken);
	}

	private static String sha256(String text) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	/**
	 * Name the token that differs from this one's in what is asked for.
	 * @param parameters what varies the token, instead of what varies this one's
	 * @return the key
	 */
	public TokenKey withParameters(TokenParameters parameters) {
		return parameters.equals(this.parameters) ? this
				: new TokenKey(this.client, this.subject, parameters, this.subjectToken);
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

	/**
	 * Return what varies the token beyond its client and its subject. What is configured
	 * for the client is not among it, for that is the same for all its keys.
	 * @return the parameters, {@linkplain TokenParameters#none() none} for most keys
	 */
	public TokenParameters parameters() {
		return this.parameters;
	}

	/**
	 * Return the token that stands for the subject.
	 * @return the token that the key was made {@linkplain #onBehalfOf with}, or
	 * {@code null} if it was made otherwise
	 */
	public @Nullable String subjectToken() {
		return this.subjectToken;
	}

	/**
	 * Return this key as others may see it who are not to have any token.
	 * @return an equal key without its {@linkplain #subjectToken() subject token}
	 */
	public TokenKey withoutSubjectToken() {
		return (this.subjectToken != null) ? new TokenKey(this.client, this.subject, this.parameters, null) : this;
	}

	/**
	 * Two keys are equal when they have the same client, subject and parameters; with the
	 * subject, which is its hash, the subject token is the same too.
	 */
	@Override
	public boolean equals(Object other) {
		return this == other
				|| (other instanceof TokenKey that && this.hash == that.hash && this.client.equals(that.client)
						&& Objects.equals(this.subject, that.subject) && this.parameters.equals(that.parameters));
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
		return "client '" + this.client + "'" + ((this.subject != null) ? " for subject '" + this.subject + "'" : "")
				+ (this.parameters.isEmpty() ? "" : " with " + this.parameters);
	}

}
