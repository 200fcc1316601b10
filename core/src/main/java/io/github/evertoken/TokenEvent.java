package io.github.evertoken;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a key's token. No event carries a token or a secret.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public abstract sealed class TokenEvent {

	private final TokenKey key;

	private final long generation;

	private final Trigger trigger;

	private final Instant occurredAt;

	private final @Nullable Instant expiresAt;

	TokenEvent(TokenKey key, long generation, Trigger trigger, Instant occurredAt, @Nullable Instant expiresAt) {
		this.key = key.withoutSubjectToken();
		this.generation = generation;
		this.trigger = Objects.requireNonNull(trigger, "trigger");
		this.occurredAt = Objects.requireNonNull(occurredAt, "occurredAt");
		this.expiresAt = expiresAt;
	}

	/**
	 * Return the key whose token it happened to.
	 * @return the key, without its {@linkplain TokenKey#subjectToken() subject token}
	 */
	public TokenKey key() {
		return this.key;
	}

	/**
	 * Return the name of the client whose token it happened to.
	 * @return the client's name
	 */
	public String client() {
		return this.key.client();
	}

	/**
	 * Return the subject on whose behalf the token is held.
	 * @return the subject, or {@code null} for the service itself
	 */
	public @Nullable String subject() {
		return this.key.subject();
	}

	/**
	 * Return the generation of the token set that the key holds after an issue or a
	 * renewal, and of the one that it happened to otherwise.
	 * @return the generation, or 0 if the key has never held a token set
	 */
	public long generation() {
		return this.generation;
	}

	/**
	 * Return what led to it.
	 * @return the trigger
	 */
	public Trigger trigger() {
		return this.trigger;
	}

	/**
	 * Return when it happened.
	 * @return the instant, by the manager's clock
	 */
	public Instant occurredAt() {
		return this.occurredAt;
	}

	/**
	 * Return when the token of this {@link #generation()} expires.
	 * @return the instant, or {@code null} if there is no such token
	 */
	public @Nullable Instant expiresAt() {
		return this.expiresAt;
	}

	@Override
	public String toString() {
		return getClass().getSimpleName() + "[" + this.key + ", generation=" + this.generation + ", trigger="
				+ this.trigger + ", occurredAt=" + this.occurredAt + ", expiresAt=" + this.expiresAt + "]";
	}

	/**
	 * What led to an event.
	 *
	 * @since 0.1.0
	 */
	public enum Trigger {

		/**
		 * A caller needed a token and none was usable.
		 */
		USE,

		/**
		 * The renewal time came, or that of a warning.
		 */
		RENEWAL_TIME,

		/**
		 * A resource server refused the token.
		 */
		REJECTION,

		/**
		 * A caller needed a token that lasts longer than the one that is held.
		 */
		EXPECTED_DURATION,

		/**
		 * The application started, and the client is not to wait for its first use.
		 */
		START,

		/**
		 * The key was to be forgotten, because it was idle or there were too many.
		 */
		EVICTION,

		/**
		 * The application called {@link TokenManager#put} or {@link TokenManager#remove}.
		 */
		APPLICATION,

		/**
		 * Somebody wanted another token at once, such as an operator at the actuator
		 * endpoint.
		 */
		ON_DEMAND

	}

	/**
	 * A key has its first token, or one that was put in.
	 *
	 * @see Renewed
	 * @see Reissued
	 * @since 0.1.0
	 */
	public static final class Issued extends TokenEvent {

		private final Duration took;

		/**
		 * Create an event.
		 * @param key the key
		 * @param generation the generation
		 * @param trigger what led to it
		 * @param occurredAt when it happened
		 * @param expiresAt when the token of the generation expires, or {@code null}
		 * @param took how long the flight took, zero for a token set that was put in
		 */
		public Issued(TokenKey key, long generation, Trigger trigger, Instant occurredAt, @Nullable Instant expiresAt,
				Duration took) {
			super(key, generation, trigger, occurredAt, expiresAt);
			this.took = Objects.requireNonNull(took, "took");
		}

		/**
		 * Return how long the flight took, zero for a token set that was put in.
		 * @return how long the flight took, zero for a token set that was put in
		 */
		public Duration took() {
			return this.took;
		}

	}

	/**
	 * A token that still worked was replaced by a newer one.
	 *
	 * @since 0.1.0
	 */
	public static final class Renewed extends TokenEvent {

		private final Duration took;

		/**
		 * Create an event.
		 * @param key the key
		 * @param generation the generation
		 * @param trigger what led to it
		 * @param occurredAt when it happened
		 * @param expiresAt when the token of the generation expires, or {@code null}
		 * @param took how long the flight took, zero for a token set that was put in
		 */
		public Renewed(TokenKey key, long generation, Trigger trigger, Instant occurredAt, @Nullable Instant expiresAt,
				Duration took) {
			super(key, generation, trigger, occurredAt, expiresAt);
			this.took = Objects.requireNonNull(took, "took");
		}

		/**
		 * Return how long the flight took, zero for a token set that was put in.
		 * @return how long the flight took, zero for a token set that was put in
		 */
		public Duration took() {
			return this.took;
		}

	}

	/**
	 * A key has a token again, whose last one was not usable any more: it had expired, or
	 * was rejected.
	 *
	 * @since 0.1.0
	 */
	public static final class Reissued extends TokenEvent {

		private final Duration took;

		/**
		 * Create an event.
		 * @param key the key
		 * @param generation the generation
		 * @param trigger what led to it
		 * @param occurredAt when it happened
		 * @param expiresAt when the token of the generation expires, or {@code null}
		 * @param took how long the flight took
		 */
		public Reissued(TokenKey key, long generation, Trigger trigger, Instant occurredAt, @Nullable Instant expiresAt,
				Duration took) {
			super(key, generation, trigger, occurredAt, expiresAt);
			this.took = Objects.requireNonNull(took, "took");
		}

		/**
		 * Return how long the flight took.
		 * @return how long the flight took
		 */
		public Duration took() {
			return this.took;
		}

	}

	/**
	 * A flight failed that was to replace a token, and is tried again after a cooldown.
	 * The token of this generation stays in use as long as it is usable.
	 *
	 * @see IssueFailed
	 * @since 0.1.0
	 */
	public static final class RenewalFailed extends TokenEvent {

		private final TokenException failure;

		private final Instant retryAt;

		/**
		 * Create an event.
		 * @param key the key
		 * @param generation the generation
		 * @param trigger what led to it
		 * @param occurredAt when it happened
		 * @param expiresAt when the token of the generation expires, or {@code null}
		 * @param failure why the flight failed
		 * @param retryAt when the cooldown ends
		 */
		public RenewalFailed(TokenKey key, long generation, Trigger trigger, Instant occurredAt,
				@Nullable Instant expiresAt, TokenException failure, Instant retryAt) {
			super(key, generation, trigger, occurredAt, expiresAt);
			this.failure = Objects.requireNonNull(failure, "failure");
			this.retryAt = Objects.requireNonNull(retryAt, "retryAt");
		}

		/**
		 * Return why the flight failed.
		 * @return why the flight failed
		 */
		public TokenException failure() {
			return this.failure;
		}

		/**
		 * Return when the cooldown ends.
		 * @return when the cooldown ends
		 */
		public Instant retryAt() {
			return this.retryAt;
		}

	}

	/**
	 * A flight failed of a key that has no usable token, and is tried again after a
	 * cooldown: its callers fail meanwhile. It may have been the first one, or the last
	 * token has expired or was rejected.
	 *
	 * @see RenewalFailed
	 * @since 0.1.0
	 */
	public static final class IssueFailed extends TokenEvent {

		private final TokenException failure;

		private final Instant retryAt;

		/**
		 * Create an event.
		 * @param key the key
		 * @param generation the generation
		 * @param trigger what led to it
		 * @param occurredAt when it happened
		 * @param expiresAt when the token of the generation expires, or {@code null}
		 * @param failure why the flight failed
		 * @param retryAt when the cooldown ends
		 */
		public IssueFailed(TokenKey key, long generation, Trigger trigger, Instant occurredAt,
				@Nullable Instant expiresAt, TokenException failure, Instant retryAt) {
			super(key, generation, trigger, occurredAt, expiresAt);
			this.failure = Objects.requireNonNull(failure, "failure");
			this.retryAt = Objects.requireNonNull(retryAt, "retryAt");
		}

		/**
		 * Return why the flight failed.
		 * @return why the flight failed
		 */
		public TokenException failure() {
			return this.failure;
		}

		/**
		 * Return when the cooldown ends.
		 * @return when the cooldown ends
		 */
		public Instant retryAt() {
			return this.retryAt;
		}

	}

	/**
	 * A resource server refused the token of this generation.
	 *
	 * @since 0.1.0
	 */
	public static final class Rejected extends TokenEvent {

		private final boolean renewing;

		private final Diagnosis diagnosis;

		/**
		 * Create an event.
		 * @param key the key
		 * @param generation the generation
		 * @param trigger what led to it
		 * @param occurredAt when it happened
		 * @param expiresAt when the token of the generation expires, or {@code null}
		 * @param renewing whether it is being replaced; {@code false} when the client has
		 * spent its renewals for rejected tokens
		 * @param diagnosis why it was refused, as far as that can be told
		 */
		public Rejected(TokenKey key, long generation, Trigger trigger, Instant occurredAt, @Nullable Instant expiresAt,
				boolean renewing, Diagnosis diagnosis) {
			super(key, generation, trigger, occurredAt, expiresAt);
			this.renewing = renewing;
			this.diagnosis = Objects.requireNonNull(diagnosis, "diagnosis");
		}

		/**
		 * Return why it was refused, as far as that can be told from what was at hand
		 * when it was.
		 * @return the diagnosis
		 */
		public Diagnosis diagnosis() {
			return this.diagnosis;
		}

		/**
		 * Return whether it is being replaced; {@code false} when the client has spent
		 * its renewals for rejected tokens.
		 * @return whether it is being replaced; {@code false} when the client has spent
		 * its renewals for rejected tokens
		 */
		public boolean renewing() {
			return this.renewing;
		}

	}

	/**
	 * The key is signed out: somebody must log in again.
	 *
	 * @since 0.1.0
	 */
	public static final class ReauthenticationRequired extends TokenEvent {

		private final TokenException failure;

		/**
		 * Create an event.
		 * @param key the key
		 * @param generation the generation
		 * @param trigger what led to it
		 * @param occurredAt when it happened
		 * @param expiresAt when the token of the generation expires, or {@code null}
		 * @param failure why the flight failed
		 */
		public ReauthenticationRequired(TokenKey key, long generation, Trigger trigger, Instant occurredAt,
				@Nullable Instant expiresAt, TokenException failure) {
			super(key, generation, trigger, occurredAt, expiresAt);
			this.failure = Objects.requireNonNull(failure, "failure");
		}

		/**
		 * Return why the flight failed.
		 * @return why the flight failed
		 */
		public TokenException failure() {
			return this.failure;
		}

	}

	/**
	 * A resource server wants the user to have authenticated more strongly or more
	 * recently than the token of this generation says (RFC 9470). The token stays in use.
	 *
	 * @since 0.1.0
	 */
	public static final class StepUpRequired extends TokenEvent {

		private final List<String> acrValues;

		private final @Nullable Duration maxAge;

		/**
		 * Create an event.
		 * @param key the key
		 * @param generation the generation
		 * @param trigger what led to it
		 * @param occurredAt when it happened
		 * @param expiresAt when the token of the generation expires, or {@code null}
		 * @param acrValues the authentication context classes of which one is asked for,
		 * the preferred one first
		 * @param maxAge how long ago the user may have authenticated, or {@code null}
		 */
		public StepUpRequired(TokenKey key, long generation, Trigger trigger, Instant occurredAt,
				@Nullable Instant expiresAt, List<String> acrValues, @Nullable Duration maxAge) {
			super(key, generation, trigger, occurredAt, expiresAt);
			this.acrValues = List.copyOf(acrValues);
			this.maxAge = maxAge;
		}

		/**
		 * Return the authentication context classes of which one is asked for
		 * ({@code acr_values}), the preferred one first.
		 * @return the classes as the resource server names them, unmodifiable; empty if
		 * it names none
		 */
		public List<String> acrValues() {
			return this.acrValues;
		}

		/**
		 * Return how long ago the user may have authenticated ({@code max_age}).
		 * @return the time in whole seconds, or {@code null} if the resource server does
		 * not say
		 */
		public @Nullable Duration maxAge() {
			return this.maxAge;
		}

	}

	/**
	 * The key was signed out by the application.
	 *
	 * @since 0.1.0
	 */
	public static final class Removed extends TokenEvent {

		/**
		 * Create an event.
		 * @param key the key
		 * @param generation the generation
		 * @param trigger what led to it
		 * @param occurredAt when it happened
		 * @param expiresAt when the token of the generation expires, or {@code null}
		 */
		public Removed(TokenKey key, long generation, Trigger trigger, Instant occurredAt,
				@Nullable Instant expiresAt) {
			super(key, generation, trigger, occurredAt, expiresAt);
		}

	}

	/**
	 * A caller needed a token that lasts longer than any token of this issuer. It goes on
	 * with the freshest one. There is one such event for each token at the most.
	 *
	 * @since 0.1.0
	 */
	public static final class LifetimeTooShort extends TokenEvent {

		private final Duration expectedDuration;

		/**
		 * Create an event.
		 * @param key the key
		 * @param generation the generation
		 * @param trigger what led to it
		 * @param occurredAt when it happened
		 * @param expiresAt when the token of the generation expires, or {@code null}
		 * @param expectedDuration how long the token was expected to last
		 */
		public LifetimeTooShort(TokenKey key, long generation, Trigger trigger, Instant occurredAt,
				@Nullable Instant expiresAt, Duration expectedDuration) {
			super(key, generation, trigger, occurredAt, expiresAt);
			this.expectedDuration = Objects.requireNonNull(expectedDuration, "expectedDuration");
		}

		/**
		 * Return how long the token was expected to last.
		 * @return how long the token was expected to last
		 */
		public Duration expectedDuration() {
			return this.expectedDuration;
		}

	}

	/**
	 * The key was forgotten, and a refresh token with it: what no {@code TokenStore}
	 * keeps is gone, and the subject has to log in again.
	 *
	 * @since 0.1.0
	 */
	public static final class Forgotten extends TokenEvent {

		private final boolean tooMany;

		/**
		 * Create an event.
		 * @param key the key
		 * @param generation the generation
		 * @param trigger what led to it
		 * @param occurredAt when it happened
		 * @param expiresAt when the token of the generation expires, or {@code null}
		 * @param tooMany whether there were more subjects than are kept; the key was idle
		 * otherwise
		 */
		public Forgotten(TokenKey key, long generation, Trigger trigger, Instant occurredAt,
				@Nullable Instant expiresAt, boolean tooMany) {
			super(key, generation, trigger, occurredAt, expiresAt);
			this.tooMany = tooMany;
		}

		/**
		 * Tell whether there were more subjects than are kept.
		 * @return {@code true} if it was the one that nobody had used for the longest
		 * time, {@code false} if it was idle for longer than idle keys are kept
		 */
		public boolean tooMany() {
			return this.tooMany;
		}

	}

	/**
	 * The token of this generation was rejected, another one cannot be had for now, and
	 * because it had been accepted before it serves again until it expires. Its 401s pass
	 * on.
	 *
	 * @since 0.1.0
	 */
	public static final class SuspectServed extends TokenEvent {

		/**
		 * Create an event.
		 * @param key the key
		 * @param generation the generation
		 * @param trigger what led to it
		 * @param occurredAt when it happened
		 * @param expiresAt when the token of the generation expires, or {@code null}
		 */
		public SuspectServed(TokenKey key, long generation, Trigger trigger, Instant occurredAt,
				@Nullable Instant expiresAt) {
			super(key, generation, trigger, occurredAt, expiresAt);
		}

	}

	/**
	 * The connection broke, or the answer did not come or could not be read, after a
	 * refresh token had been sent: nobody knows whether it was redeemed. It is sent once
	 * more at once, and for a minute after that until there is an answer, whoever waits.
	 * If the issuer has rotated it, and takes no rotated one again, the session is lost.
	 *
	 * @since 0.1.0
	 */
	public static final class RefreshAmbiguous extends TokenEvent {

		private final TokenException failure;

		/**
		 * Create an event.
		 * @param key the key
		 * @param generation the generation
		 * @param trigger what led to it
		 * @param occurredAt when it happened
		 * @param expiresAt when the token of the generation expires, or {@code null}
		 * @param failure how the request ended
		 */
		public RefreshAmbiguous(TokenKey key, long generation, Trigger trigger, Instant occurredAt,
				@Nullable Instant expiresAt, TokenException failure) {
			super(key, generation, trigger, occurredAt, expiresAt);
			this.failure = Objects.requireNonNull(failure, "failure");
		}

		/**
		 * Return how the request ended.
		 * @return how the request ended
		 */
		public TokenException failure() {
			return this.failure;
		}

	}

	/**
	 * The refresh token expires soon, and with it the session: somebody may be asked to
	 * log in again in time. It comes before the end as the client's
	 * {@code session-warning} says, once for each end; a session that is renewed later
	 * after all has another one.
	 *
	 * @since 0.1.0
	 */
	public static final class SessionEnding extends TokenEvent {

		private final Instant sessionEndsAt;

		/**
		 * Create an event.
		 * @param key the key
		 * @param generation the generation
		 * @param trigger what led to it
		 * @param occurredAt when it happened
		 * @param expiresAt when the token of the generation expires, or {@code null}
		 * @param sessionEndsAt when the refresh token expires
		 */
		public SessionEnding(TokenKey key, long generation, Trigger trigger, Instant occurredAt,
				@Nullable Instant expiresAt, Instant sessionEndsAt) {
			super(key, generation, trigger, occurredAt, expiresAt);
			this.sessionEndsAt = Objects.requireNonNull(sessionEndsAt, "sessionEndsAt");
		}

		/**
		 * Return when the refresh token expires, unless it is renewed before.
		 * @return the instant
		 */
		public Instant sessionEndsAt() {
			return this.sessionEndsAt;
		}

	}

}
