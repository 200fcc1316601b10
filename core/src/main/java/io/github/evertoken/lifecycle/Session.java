package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;

import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;

/**
 * The life of a refresh token whose end is known. All times are by the wall clock, in
 * milliseconds since the epoch.
 *
 * @param startedAt when it began
 * @param endsAt when it ends, unless it is renewed before
 * @param renewed whether it was redeemed since without a later end: another time will not
 * help either
 * @param told whether its end was told
 */
record Session(long startedAt, long endsAt, boolean renewed, boolean told) {

	static final long NEVER = Long.MAX_VALUE;

	private static final long LONGEST_WARNING = Duration.ofDays(1).toMillis();

	private static final double WARNING = 0.1;

	/**
	 * Ends that are not further apart are the same: an answer tells them to the second,
	 * and how long it was on its way nobody knows.
	 */
	private static final long SAME = 5000;

	/**
	 * Return the session that a token set tells of, {@code null} if it does not.
	 */
	static @Nullable Session of(TokenSet tokens, Moment now) {
		Instant end = tokens.refreshTokenExpiresAt();
		if (end == null || tokens.refreshToken() == null) {
			return null;
		}
		Instant obtainedAt = tokens.obtainedAt();
		long startedAt = (obtainedAt != null) ? Math.min(Moment.wallOf(obtainedAt), now.wall()) : now.wall();
		long endsAt = Math.min(Moment.wallOf(end), startedAt + ClientSettings.LONGEST.toMillis());
		return (endsAt > startedAt) ? new Session(startedAt, endsAt, false, false) : null;
	}

	/**
	 * Return the session that follows when a token set has been obtained.
	 * @param before the last one, {@code null} if none was known
	 * @param refreshToken the last refresh token
	 */
	static @Nullable Session after(@Nullable Session before, @Nullable String refreshToken, TokenSet tokens,
			Moment now) {
		Session next = of(tokens, now);
		if (before == null) {
			return next;
		}
		boolean kept = next == null && refreshToken != null && refreshToken.equals(tokens.refreshToken());
		boolean same = next != null && Math.abs(next.endsAt - before.endsAt) <= SAME;
		return (kept || same) ? new Session(before.startedAt, before.endsAt, true, before.told) : next;
	}

	Session afterTelling() {
		return new Session(this.startedAt, this.endsAt, this.renewed, true);
	}

	Instant end() {
		return Instant.ofEpochMilli(this.endsAt);
	}

	/**
	 * Return how long before its end that is told: as the settings say, or a tenth of its
	 * life and a day at most; never more than half of its life, so that a session that is
	 * renewed all the time is not one that always ends.
	 */
	long warning(ClientSettings settings) {
		long life = this.endsAt - this.startedAt;
		Duration set = settings.sessionWarning();
		long warning = (set != null) ? set.toMillis() : (long) Math.min(LONGEST_WARNING, WARNING * life);
		return Math.min(warning, life / 2);
	}

	/**
	 * Return when its end is to be told, {@link #NEVER} if it is not.
	 */
	long warnsAt(ClientSettings settings) {
		long warning = warning(settings);
		return (this.told || warning <= 0) ? NEVER : this.endsAt - warning;
	}

	/**
	 * Return when it is to be renewed though nobody needs a token, {@link #NEVER} if it
	 * is not: at the same part of its life as a token, and by half as long again as the
	 * warning before its end, so that it may have been put off before that is told.
	 */
	long renewsAt(ClientSettings settings) {
		if (this.renewed || !settings.keepAlive()) {
			return NEVER;
		}
		long life = this.endsAt - this.startedAt;
		return Math.min(this.startedAt + (long) (life * settings.renewAt()), this.endsAt - warning(settings) * 3 / 2);
	}

	/**
	 * Return when it is to be looked at, {@link #NEVER} if it is not.
	 */
	long dueAt(ClientSettings settings, Moment now) {
		return (now.wall() < this.endsAt) ? Math.min(warnsAt(settings), renewsAt(settings)) : NEVER;
	}

}
