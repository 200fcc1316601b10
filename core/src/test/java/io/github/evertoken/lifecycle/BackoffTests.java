package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Backoff}.
 */
@Tag("LC-2")
class BackoffTests {

	private final Backoff backoff = new Backoff(500, 30_000, 3000);

	@Test
	void pauseWhenNobodyWaitsThenIsRandomFromZeroToADoublingBound() {
		assertThat(this.backoff.pause(0, 1)).isEqualTo(500);
		assertThat(this.backoff.pause(3, 1)).isEqualTo(4000);
		assertThat(this.backoff.pause(3, 0.25)).isEqualTo(1000);
		assertThat(this.backoff.pause(3, 0)).isZero();
		assertThat(this.backoff.pause(6, 1)).isEqualTo(30_000);
		assertThat(this.backoff.pause(Integer.MAX_VALUE, 1)).isEqualTo(30_000);
	}

	@Test
	void pauseWhenSomebodyWaitsThenBeginsWith50MillisAndIsHalfRandom() {
		assertThat(this.backoff.shortPause(0, 0)).isEqualTo(25);
		assertThat(this.backoff.shortPause(0, 1)).isEqualTo(50);
		assertThat(this.backoff.shortPause(4, 0.5)).isEqualTo(600);
		assertThat(this.backoff.shortPause(Integer.MAX_VALUE, 1)).isEqualTo(30_000);
		assertThat(new Backoff(10, 20, 3000).shortPause(0, 1)).isEqualTo(20);
	}

	@Test
	void pauseWhenTheMaximumIsEndlessThenDoublesThirtyTimes() {
		Backoff endless = new Backoff(1, Long.MAX_VALUE, 3000);
		assertThat(endless.pause(30, 1)).isEqualTo(1L << 30);
		assertThat(endless.pause(31, 1)).isEqualTo(1L << 30);
	}

	@Test
	void retryAfterThenIsWhatTheIssuerAsksForUpToFiveMinutes() {
		assertThat(Backoff.retryAfter(busy(Duration.ofSeconds(7)))).isEqualTo(7000);
		assertThat(Backoff.retryAfter(busy(Duration.ofHours(1)))).isEqualTo(300_000);
		assertThat(Backoff.retryAfter(busy(Duration.ofSeconds(-1)))).isZero();
		assertThat(Backoff.retryAfter(busy(null))).isZero();
		assertThat(Backoff.retryAfter(new IOException("reset"))).isZero();
	}

	@Test
	void asksForPauseThenIfItDoes() {
		assertThat(Backoff.asksForPause(busy(Duration.ZERO))).isTrue();
		assertThat(Backoff.asksForPause(busy(null))).isFalse();
		assertThat(Backoff.asksForPause(new IOException("reset"))).isFalse();
	}

	private static TransientTokenException busy(@Nullable Duration retryAfter) {
		return new TransientTokenException(TokenKey.of("client"), "busy", null, null, retryAfter, null);
	}

}
