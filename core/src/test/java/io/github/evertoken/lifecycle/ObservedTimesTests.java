package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;

import io.github.evertoken.TokenObserver.IssuerAnswer;
import io.github.evertoken.TokenObserver.Rejection;
import io.github.evertoken.TokenSet;
import org.junit.jupiter.api.Test;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ObservedTimes}.
 */
class ObservedTimesTests {

	private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.800Z");

	private static final Instant REQUESTED = NOW.minusMillis(1500);

	private static final Moment MOMENT = new Moment(77, NOW.toEpochMilli());

	@Test
	void aheadWhenTheWayOfTheAnswerExplainsItThenIsZero() {
		assertThat(ahead("2026-03-04T05:06:07Z")).isZero();
		assertThat(ahead("2026-03-04T05:06:06Z")).isZero();
	}

	@Test
	void aheadThenIsWhatNothingElseExplains() {
		assertThat(ahead("2026-03-04T05:06:17Z")).isEqualTo(Duration.ofMillis(9200));
		assertThat(ahead("2026-03-04T05:05:57Z")).isEqualTo(Duration.ofMillis(-8300));
		assertThat(ObservedTimes.ahead(null, REQUESTED, NOW)).isNull();
	}

	private static Duration ahead(String date) {
		return ObservedTimes.ahead(Instant.parse(date), REQUESTED, NOW);
	}

	@Test
	void answerThenHasTheTimesOfTheSet() {
		TokenSet tokens = TokenSet.withAccessToken("t1")
			.expiresIn(Duration.ofMinutes(10))
			.refreshToken("r1")
			.refreshTokenExpiresAt(REQUESTED.plus(Duration.ofDays(3)))
			.issuerTime(NOW.plusSeconds(20))
			.obtainedAt(REQUESTED)
			.build();
		assertThat(ObservedTimes.answer(tokens, Duration.ofMinutes(5), Session.of(tokens, MOMENT), MOMENT))
			.isEqualTo(new IssuerAnswer(Duration.ofMinutes(10), true, Duration.ofDays(3), Duration.ofSeconds(20)));
	}

	@Test
	void answerWhenItSaysNothingThenHasTheDefault() {
		TokenSet tokens = TokenSet.withAccessToken("t1").obtainedAt(REQUESTED).build();
		assertThat(ObservedTimes.answer(tokens, Duration.ofMinutes(5), null, MOMENT))
			.isEqualTo(new IssuerAnswer(Duration.ofMinutes(5), false, null, null));
	}

	@Test
	void rejectionThenHasTheOriginAndTheClock() {
		Place place = new Place("https://api.internal", "/secret/path");
		assertThat(ObservedTimes.rejection(Refusal.at(place), MOMENT))
			.isEqualTo(new Rejection("https://api.internal", null));
		Refusal dated = new Refusal(place, Refusal.Complaint.NONE, NOW.minusSeconds(31), Context.empty());
		assertThat(ObservedTimes.rejection(dated, MOMENT))
			.isEqualTo(new Rejection("https://api.internal", Duration.ofSeconds(-30)));
		assertThat(ObservedTimes.rejection(null, MOMENT)).isEqualTo(new Rejection(null, null));
	}

}
