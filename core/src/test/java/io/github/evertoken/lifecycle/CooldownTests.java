package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Cooldown}.
 */
@Tag("FP-2")
class CooldownTests {

	private static final long NOW = 1_767_225_600_000L;

	private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

	private static final ClientSettings DEFAULTS = settings((settings) -> settings.maxBackoff(Duration.ofSeconds(30)));

	@ParameterizedTest
	@CsvSource(textBlock = """
			# failures, random, lasts
			1,          0,      0
			1,          0.5,    250
			1,          1,      500
			2,          0.5,    500
			3,          1,      2000
			6,          1,      16000
			7,          1,      30000
			7,          0.5,    15000
			31,         1,      30000
			32,         1,      30000
			64,         1,      30000
			65,         1,      30000
			1000,       1,      30000
			""")
	void afterThenGrowsWithFullJitterUpToTheMaximum(int failures, double random, long lasts) {
		assertThat(after(failures, DEFAULTS, random, null)).isEqualTo(lasts);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			# failures, asked for, lasts
			1,          PT0S,      500
			1,          PT-1S,     500
			1,          PT0.2S,    500
			1,          PT90S,     90000
			1,          PT5M,      300000
			1,          PT5M1S,    300000
			7,          PT1S,      30000
			7,          PT31S,     31000
			""")
	void afterWhenTheIssuerAsksForMoreThenThatCountsUpToFiveMinutes(int failures, Duration retryAfter, long lasts) {
		assertThat(after(failures, DEFAULTS, 1, retryAfter)).isEqualTo(lasts);
	}

	@Test
	void afterWhenDurationsAreEndlessThenNothingOverflows() {
		assertThat(after(1, DEFAULTS, 1, FOREVER)).isEqualTo(300_000);
		assertThat(after(1, DEFAULTS, 1, Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo(500);
		assertThat(after(1, settings((settings) -> settings.initialBackoff(FOREVER).maxBackoff(FOREVER)), 1, null))
			.isGreaterThan(300_000);
		assertThat(after(100, settings((settings) -> settings.maxBackoff(FOREVER)), 1, FOREVER)).isGreaterThan(300_000);
	}

	@Test
	void lastsThenEndsAtItsEnd() {
		Cooldown cooldown = Cooldown.NONE.after(failure(null), false, at(NOW), DEFAULTS.backoff(), 1);
		assertThat(cooldown.lasts(at(NOW + 499))).isTrue();
		assertThat(cooldown.lasts(at(NOW + 500))).isFalse();
		assertThat(Cooldown.NONE.lasts(at(Long.MIN_VALUE))).isFalse();
	}

	@Test
	@Tag("LC-2")
	void afterWhenNobodyWaitsThenKeepsNoCaller() {
		Cooldown cooldown = Cooldown.NONE.after(failure(null), false, at(NOW), DEFAULTS.backoff(), 1);
		assertThat(cooldown.lasts(at(NOW))).isTrue();
		assertThat(cooldown.keepsCallers(at(NOW))).isFalse();
		assertThat(cooldown.isPatient()).isFalse();
	}

	@Test
	@Tag("LC-2")
	void afterWhenSomebodyWaitsThenPausesAreShortUntilPatienceIsOver() {
		Cooldown cooldown = Cooldown.NONE;
		long now = NOW;
		int attempts = 0;
		do {
			cooldown = cooldown.after(failure(null), true, at(now), DEFAULTS.backoff(), 1);
			now = cooldown.end();
			attempts++;
		}
		while (cooldown.isPatient());
		assertThat(attempts).isEqualTo(6);
		assertThat(now).isGreaterThanOrEqualTo(NOW + 3000);
		assertThat(cooldown.keepsCallers(at(now - 1))).isTrue();
	}

	@Test
	@Tag("LC-2")
	void afterWhenPatienceEndsThatVeryMillisecondThenPausesAreLong() {
		Cooldown first = Cooldown.NONE.after(failure(null), true, at(NOW), DEFAULTS.backoff(), 1);
		assertThat(first.patientUntil()).isEqualTo(NOW + 3000);
		assertThat(first.after(failure(null), true, at(NOW + 2999), DEFAULTS.backoff(), 1).end())
			.isEqualTo(NOW + 2999 + 100);
		assertThat(first.after(failure(null), true, at(NOW + 3000), DEFAULTS.backoff(), 1).end())
			.isEqualTo(NOW + 3000 + 1000);
	}

	@Test
	@Tag("LC-2")
	void isPatientWhenTheNextAttemptComesAsPatienceEndsThenIsNot() {
		assertThat(new Cooldown(null, 1, 2999, 3000).isPatient()).isTrue();
		assertThat(new Cooldown(null, 1, 3000, 3000).isPatient()).isFalse();
	}

	@Test
	void afterRefusalThenThePausesGrowAndConcernCallers() {
		Cooldown cooldown = Cooldown.NONE;
		for (long pause : new long[] { 500, 1000, 2000 }) {
			cooldown = cooldown.afterRefusal(failure(null), at(NOW), DEFAULTS.backoff(), 1);
			assertThat(cooldown.end()).isEqualTo(NOW + pause);
			assertThat(cooldown.keepsCallers(at(NOW))).isTrue();
			assertThat(cooldown.isPatient()).isFalse();
		}
		assertThat(cooldown.failures()).isEqualTo(3);
	}

	private static Moment at(long time) {
		return new Moment(time, time);
	}

	private static long after(int failures, ClientSettings settings, double random, @Nullable Duration retryAfter) {
		Cooldown cooldown = Cooldown.NONE;
		for (int i = 0; i < failures; i++) {
			cooldown = cooldown.after(failure(retryAfter), false, at(NOW), settings.backoff(), random);
		}
		assertThat(cooldown.failures()).isEqualTo(failures);
		return cooldown.end() - NOW;
	}

	private static TransientTokenException failure(@Nullable Duration retryAfter) {
		return new TransientTokenException(TokenKey.of("inventory"), "down", null, null, retryAfter, null);
	}

	private static ClientSettings settings(Consumer<ClientSettings.Builder> customizer) {
		ClientSettings.Builder settings = ClientSettings.of("inventory", (request) -> Mono.empty());
		customizer.accept(settings);
		return settings.build();
	}

}
