package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import io.github.evertoken.AccessToken;
import io.github.evertoken.Diagnosis;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import org.jspecify.annotations.Nullable;

/**
 * How things are with one key, at one moment: for those who look, and not for those who
 * decide. Instants are by the manager's wall clock.
 *
 * @param key the key, without its subject token
 * @param at when it was looked at
 * @param phase what the key is in
 * @param generation the generation of the token set that the key has or has had, 0 if it
 * has never had one
 * @param trigger why the last token set of the service's own key was obtained,
 * {@code null} if there is none or another process has obtained it; for a subject's key
 * that is not known, and {@code null}
 * @param token the token that callers get, or {@code null} if there is none; it must not
 * be shown to anybody
 * @param renewsAt when the token is to be renewed, {@code null} without a token; for a
 * rejected one that serves meanwhile, the time of the look: as soon as that may be
 * @param hasRefreshToken whether a refresh token is held
 * @param waiting how many callers wait for the running flight
 * @param flight the running flight, or {@code null}
 * @param restsUntil until when no flight may start, because of trouble of the key or of
 * its issuer, or {@code null} if one may
 * @param failing what has gone wrong since the last token set came, or {@code null} if
 * nothing has
 * @param barred what a caller who needs another token is told at once at this moment, or
 * {@code null} if it would wait for one
 * @param signedOut why somebody must log in again, or {@code null} if nobody must
 * @param lately the last transitions of the service's own key, the latest one last; empty
 * for any other
 * @param grantedScope the scope that was granted with the token, {@code null} if the
 * answer did not say, or without a token
 * @param refreshTokenExpiresAt when the refresh token expires, and the session with it,
 * or {@code null} if that is not known
 * @param lastRejection why a token of the service's own key was refused the last time,
 * {@code null} if none was, and for any other key
 * @param elsewhere the lease that another replica has on the key's record, as far as was
 * seen here, {@code null} if none was or the store is not shared
 * @since 0.1.0
 */
public record KeyStatus(TokenKey key, Instant at, KeyPhase phase, long generation, @Nullable Trigger trigger,
		@Nullable AccessToken token, @Nullable Instant renewsAt, boolean hasRefreshToken, int waiting,
		@Nullable Flying flight, @Nullable Instant restsUntil, @Nullable Failing failing,
		@Nullable TokenException barred, @Nullable TokenException signedOut, List<Transited> lately,
		@Nullable Set<String> grantedScope, @Nullable Instant refreshTokenExpiresAt, @Nullable Explained lastRejection,
		@Nullable Elsewhere elsewhere) {

	/**
	 * Return why a key gets no other token at the moment: its own trouble, or that of its
	 * issuer.
	 * @param lifecycle the life-cycle of the key
	 * @return a failure of the caller's own, {@code null} if nothing has failed
	 */
	public static @Nullable TokenException failureOf(TokenLifecycle lifecycle) {
		return Inspection.failure(lifecycle);
	}

	/**
	 * A running flight.
	 *
	 * @param trigger why it has taken off
	 * @param since when
	 * @param attempts how many attempts it has made
	 */
	public record Flying(Trigger trigger, Instant since, int attempts) {
	}

	/**
	 * A lease that another replica has: it asks the issuer, and whoever needs a token
	 * here waits for it.
	 *
	 * @param replica the name of the replica, {@code null} if it has not said
	 * @param since when the lease began
	 * @param until when it ends at the latest
	 */
	public record Elsewhere(@Nullable String replica, Instant since, Instant until) {
	}

	/**
	 * Flights that have failed in a row.
	 *
	 * @param last why the last one failed
	 * @param count how many
	 * @param since when the first one did; for a subject's key that is not known, and
	 * {@code null}
	 */
	public record Failing(TokenException last, int count, @Nullable Instant since) {
	}

	/**
	 * A rejection.
	 *
	 * @param at when
	 * @param diagnosis why, as far as can be told
	 */
	public record Explained(Instant at, Diagnosis diagnosis) {
	}

	/**
	 * A transition.
	 *
	 * @param at when
	 * @param event what happened, as the table of the life-cycle names it
	 * @param from the phase before
	 * @param to the phase after
	 * @param generation the generation after
	 */
	public record Transited(Instant at, String event, KeyPhase from, KeyPhase to, long generation) {
	}

	/**
	 * Tell whether callers get a token at once.
	 * @return whether the token that is held is usable: by either clock, for the wall
	 * clock may have been set back
	 */
	public boolean isServing() {
		return this.phase != KeyPhase.EXPIRED && remaining().toMillis() > 0;
	}

	/**
	 * Return how long the token lasts still.
	 * @return the time, zero if there is no usable token
	 */
	public Duration remaining() {
		AccessToken held = this.token;
		Duration remaining = (held != null) ? Duration.between(this.at, held.expiresAt()) : Duration.ZERO;
		return remaining.isNegative() ? Duration.ZERO : remaining;
	}

	/**
	 * Return how long the token lives in all.
	 * @return the time, zero without a token
	 */
	public Duration lifetime() {
		AccessToken held = this.token;
		return (held != null) ? Duration.between(held.obtainedAt(), held.expiresAt()) : Duration.ZERO;
	}

	/**
	 * Never the token.
	 */
	@Override
	public String toString() {
		return "KeyStatus[" + this.key + ", " + this.phase + ", generation=" + this.generation + "]";
	}

}
