package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HeldToken}.
 */
class HeldTokenTests {

	// Came at 1,000 by the wall clock and at 100 by the monotonic one, lasts for 1,000
	// and is to be renewed 200 before its end.
	private final HeldToken token = new HeldToken("Bearer", "t", Instant.ofEpochMilli(1000), Instant.ofEpochMilli(2000),
			3, 200, 900);

	@Test
	@Tag("LC-11")
	void isUsableThenWhileBothClocksSaySo() {
		assertThat(this.token.isUsable(new Moment(100, 1000))).isTrue();
		assertThat(this.token.isUsable(new Moment(1099, 1999))).isTrue();
		assertThat(this.token.isUsable(new Moment(1100, 1000))).isFalse();
		assertThat(this.token.isUsable(new Moment(100, 2000))).isFalse();
	}

	@Test
	@Tag("LC-11")
	void isFreshThenUntilEitherClockSaysThatItIsDue() {
		assertThat(this.token.isFresh(new Moment(899, 1799))).isTrue();
		assertThat(this.token.isFresh(new Moment(900, 1000))).isFalse();
		assertThat(this.token.isFresh(new Moment(100, 1800))).isFalse();
		assertThat(this.token.renewalTime()).isEqualTo(1800);
	}

	@Test
	@Tag("LC-11")
	void durationsThenAreThoseOfTheClockThatIsAhead() {
		assertThat(this.token.age(new Moment(150, 1000))).isEqualTo(50);
		assertThat(this.token.age(new Moment(100, 1070))).isEqualTo(70);
		assertThat(this.token.remaining(new Moment(100, 1400))).isEqualTo(Duration.ofMillis(600));
		assertThat(this.token.remaining(new Moment(600, 1000))).isEqualTo(Duration.ofMillis(500));
		assertThat(this.token.untilRenewal(new Moment(100, 1400))).isEqualTo(400);
		assertThat(this.token.lifetimeMillis()).isEqualTo(1000);
	}

	@Test
	void lastsUntilThenUpToTheMillisecondOfItsEnd() {
		assertThat(this.token.lastsUntil(1100)).isTrue();
		assertThat(this.token.lastsUntil(1101)).isFalse();
	}

	@Test
	@Tag("LC-5")
	void dueThenIsTheSameTokenWithItsPastAndDueAtOnce() {
		this.token.use();
		this.token.accepted();
		HeldToken due = this.token.due();
		assertThat(due).isEqualTo(this.token).isNotSameAs(this.token);
		assertThat(due.generation()).isEqualTo(3);
		assertThat(due.wasUsed()).isTrue();
		assertThat(due.wasAccepted()).isTrue();
		assertThat(due.isFresh(new Moment(100, 1000))).isFalse();
		assertThat(due.isUsable(new Moment(1099, 1999))).isTrue();
		assertThat(due.isUsable(new Moment(1100, 1000))).isFalse();
	}

	@Test
	void useThenIsRemembered() {
		assertThat(this.token.wasUsed()).isFalse();
		assertThat(this.token.use()).isSameAs(this.token);
		assertThat(this.token.wasUsed()).isTrue();
		assertThat(this.token.wasAccepted()).isFalse();
		assertThat(this.token.due().wasAccepted()).isFalse();
	}

	@Test
	void isFirstFoundTooShortThenOnce() {
		assertThat(this.token.isFirstFoundTooShort()).isTrue();
		assertThat(this.token.isFirstFoundTooShort()).isFalse();
	}

	@Test
	void toStringThenHasTheGenerationAndNotTheToken() {
		HeldToken secret = new HeldToken("Bearer", "s3cr3t", Instant.EPOCH, Instant.ofEpochMilli(1), 7, 0, 0);
		assertThat(secret).hasToString(secret.toString()).asString().contains("generation=7").doesNotContain("s3cr3t");
	}

}
