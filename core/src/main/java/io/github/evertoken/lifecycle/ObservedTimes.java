package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import io.github.evertoken.TokenObserver;
import io.github.evertoken.TokenObserver.IssuerAnswer;
import io.github.evertoken.TokenObserver.Rejection;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TokenObserver} is told of the times in the answers of others.
 */
final class ObservedTimes {

	/**
	 * A date of HTTP is cut off to the second.
	 */
	private static final Duration CUT_OFF = Duration.ofSeconds(1);

	private ObservedTimes() {
	}

	/**
	 * Say what there is to know of a token set that has just come from the issuer.
	 * @param tokens the set, with an access token and the instant of its request
	 * @param defaultLifetime how long an access token lives of which nobody says it
	 * @param session the session that it continues or begins, whose whole life counts and
	 * not what is left of it, {@code null} if none is known
	 */
	static IssuerAnswer answer(TokenSet tokens, Duration defaultLifetime, @Nullable Session session, Moment now) {
		Instant received = Instant.ofEpochMilli(now.wall());
		Instant obtainedAt = Objects.requireNonNullElse(tokens.obtainedAt(), received);
		Duration told = RenewalSchedule.toldLifetime(tokens, Objects.requireNonNull(tokens.accessToken()), obtainedAt);
		return new IssuerAnswer(ClientSettings.bounded((told != null) ? told : defaultLifetime), told != null,
				(session != null) ? Duration.ofMillis(session.endsAt() - session.startedAt()) : null,
				ahead(tokens.issuerTime(), obtainedAt, received));
	}

	/**
	 * Say what is known of a rejection.
	 * @param refusal how the token was refused, {@code null} if that is not known
	 */
	static Rejection rejection(@Nullable Refusal refusal, Moment now) {
		if (refusal == null) {
			return new Rejection(null, null);
		}
		Instant received = Instant.ofEpochMilli(now.wall());
		return new Rejection(refusal.place().origin(), ahead(refusal.date(), received, received));
	}

	/**
	 * Say by how much another clock is ahead of ours at least.
	 * @param said what it said, {@code null} if it did not
	 * @param earliest since when it may have said it, by our clock
	 * @param latest until when
	 */
	static @Nullable Duration ahead(@Nullable Instant said, Instant earliest, Instant latest) {
		if (said == null) {
			return null;
		}
		Instant date = Instant.ofEpochMilli(Moment.wallOf(said));
		if (date.isAfter(latest)) {
			return Duration.between(latest, date);
		}
		Instant end = date.plus(CUT_OFF);
		return end.isBefore(earliest) ? Duration.between(earliest, end) : Duration.ZERO;
	}

}
