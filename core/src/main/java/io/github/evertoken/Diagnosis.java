package io.github.evertoken;

import java.util.Objects;

/**
 * Why a resource server has refused a token, as far as that can be told from what is at
 * hand: its challenge, the claims of the token, the clocks, and who has accepted the
 * token before. Nothing is decided by it.
 * <p>
 * Instances are immutable. Neither has a token in it, nor a secret, nor a text of a
 * server that was not redacted.
 *
 * @since 0.1.0
 */
public final class Diagnosis {

	private final Reason reason;

	private final String sentence;

	/**
	 * Create a diagnosis.
	 * @param reason the likeliest reason
	 * @param sentence what there is to say about it, for people; without tokens and
	 * secrets
	 */
	public Diagnosis(Reason reason, String sentence) {
		this.reason = Objects.requireNonNull(reason, "reason");
		this.sentence = Objects.requireNonNull(sentence, "sentence");
	}

	/**
	 * Return the likeliest reason.
	 * @return the reason
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * Return what there is to say about it, in words for people. They may change with any
	 * version; the {@link #reason()} is for programs.
	 * @return a sentence without its full stop, of printable characters of ASCII
	 */
	public String sentence() {
		return this.sentence;
	}

	@Override
	public boolean equals(Object other) {
		return this == other || (other instanceof Diagnosis that && this.reason == that.reason
				&& this.sentence.equals(that.sentence));
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.reason, this.sentence);
	}

	@Override
	public String toString() {
		return this.reason + ": " + this.sentence;
	}

	/**
	 * Why a token was refused: the surest reason comes first, and the first one that fits
	 * counts.
	 *
	 * @since 0.1.0
	 */
	public enum Reason {

		/**
		 * The server says that the scope of the token does not do
		 * ({@code insufficient_scope}, RFC 6750, section 3.1).
		 */
		INSUFFICIENT_SCOPE,

		/**
		 * The token has expired, by its {@code exp} and the clock of the server, or as
		 * the issuer has said.
		 */
		EXPIRED,

		/**
		 * The token is not valid yet, by its {@code nbf} or {@code iat} and the clock of
		 * the server.
		 */
		NOT_YET_VALID,

		/**
		 * The same server has accepted the token before: it was revoked since, or the
		 * server has lost the keys to verify it.
		 */
		REVOKED,

		/**
		 * The server says why, and nothing that is known contradicts it.
		 */
		STATED,

		/**
		 * The token is for others ({@code aud}) than the host of the request, which may
		 * be the reason: how a server is called in {@code aud} is between it and the
		 * issuer.
		 */
		AUDIENCE,

		/**
		 * Another server has accepted the token, and this one never has: it may be no
		 * token for it.
		 */
		ACCEPTED_ELSEWHERE,

		/**
		 * The token is valid by all that can be read in it, and nothing says why it was
		 * refused: its signature, its issuer, or a rule of the server's own.
		 */
		UNKNOWN,

		/**
		 * The token is no JWT that anybody can read, and nothing says why it was refused.
		 */
		OPAQUE

	}

}
