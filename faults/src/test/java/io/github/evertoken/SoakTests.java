package io.github.evertoken;

import java.time.Duration;
import java.util.Locale;

import io.github.evertoken.faults.Soak;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many users of an issuer in trouble, for a minute, or for an hour:
 * {@code -Devertoken.soak=1h}. Of all tests it takes the longest, and stands here because
 * those of this package begin first.
 */
class SoakTests {

	private static final int MOST_NEW_THREADS = 8;

	private static final long MOST_NEW_BYTES = 16 << 20;

	@Test
	void callsWhenMuchGoesWrongThenNoSessionIsLostAndNoExpiredTokenIsSent() {
		long seed = Long.getLong("evertoken.soak.seed", System.nanoTime());
		try (Soak soak = new Soak(seed)) {
			soak.run(duration());
			soak.recover();
			Soak.Figures figures = soak.figures();
			assertThat(figures.expiredTokensSent()).as("expired tokens sent").isZero();
			assertThat(figures.reuses()).as("refresh tokens redeemed again").isZero();
			assertThat(figures.sessionsAlive()).as("sessions alive").isEqualTo(Soak.SUBJECTS);
			assertThat(figures.signIns()).as("calls that asked for a login").isZero();
			assertThat(figures.failedAfterRecovery()).as("calls that failed after all was well").isEmpty();
			assertThat(figures.newThreads()).as("threads that came").isLessThanOrEqualTo(MOST_NEW_THREADS);
			assertThat(figures.newBytes()).as("bytes that stayed").isLessThanOrEqualTo(MOST_NEW_BYTES);
		}
	}

	private static Duration duration() {
		String text = System.getProperty("evertoken.soak", "60s");
		return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
	}

}
