package io.github.evertoken.lifecycle;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Consumer;

import io.github.evertoken.TokenSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RenewalSchedule} and {@link HeldToken}.
 */
class RenewalScheduleTests {

	private static final long NOW = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

	private static final Moment AT = new Moment(17, NOW);

	private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

	@ParameterizedTest
	@Tag("RN-1")
	@Tag("RN-2")
	@CsvSource(textBlock = """
			# lifetime, jitter, renewed after
			1,          0,      800
			1,          0.5,    775
			1000,       0,      800000
			1000,       1,      750000
			""")
	void holdThenIsRenewedAtFourFifthsLessTheJitter(long seconds, double random, long renewedAfter) {
		HeldToken held = schedule(random, (settings) -> {
		}).hold(token().expiresIn(Duration.ofSeconds(seconds)).build(), 1, AT);
		assertThat(held.renewalTime() - NOW).isEqualTo(renewedAfter);
		assertThat(held.expiresAt().toEpochMilli() - NOW).isEqualTo(seconds * 1000);
	}

	@Test
	@Tag("RN-2")
	void holdWhenTheMarginIsLessThanATenthThenItCounts() {
		HeldToken held = schedule(0, (settings) -> settings.renewAt(0.999).expiryMargin(Duration.ofSeconds(10)))
			.hold(token().expiresIn(Duration.ofSeconds(1000)).build(), 1, AT);
		assertThat(held.renewalTime() - NOW).isEqualTo(990_000);
	}

	@Test
	@Tag("RN-2")
	void holdWhenOnlyTheJwtNamesItsLifetimeThenThatCounts() {
		String jwt = base64("{\"alg\":\"RS256\"}") + "." + base64("{\"iat\":1000,\"exp\":1060}") + "." + base64("x");
		TokenSet tokens = TokenSet.withAccessToken(jwt).build();
		assertThat(lifetimeOf(tokens)).isEqualTo(Duration.ofSeconds(60));
		assertThat(lifetimeOf(tokens.mutate().expiresIn(Duration.ofSeconds(30)).build()))
			.isEqualTo(Duration.ofSeconds(30));
		assertThat(lifetimeOf(token().build())).isEqualTo(Duration.ofMinutes(5));
	}

	private static Duration lifetimeOf(TokenSet tokens) {
		return schedule(0, (settings) -> {
		}).hold(tokens, 1, AT).accessToken().lifetime();
	}

	@ParameterizedTest
	@Tag("RN-2")
	@ValueSource(longs = { 1, 999_999, 1_000_000, 1_999_999 })
	void holdWhenTheLifetimeIsTinyThenNothingGoesWrong(long nanos) {
		HeldToken held = schedule(0.5, (settings) -> {
		}).hold(token().expiresIn(Duration.ofNanos(nanos)).build(), 1, AT);
		assertThat(held.renewalTime()).isBetween(NOW, NOW + 1);
		assertThat(held.expiresAt().toEpochMilli()).isBetween(NOW, NOW + 1);
	}

	@Test
	@Tag("RN-2")
	void holdWhenDurationsAreEndlessThenNothingOverflows() {
		RenewalSchedule schedule = schedule(0.5,
				(settings) -> settings.defaultLifetime(FOREVER).expiryMargin(FOREVER).renewAt(0.999));
		for (TokenSet tokens : new TokenSet[] { token().build(), token().expiresIn(FOREVER).build() }) {
			HeldToken held = schedule.hold(tokens, 1, AT);
			assertThat(held.isFresh(AT)).isTrue();
			assertThat(held.renewalTime()).isGreaterThan(NOW);
			assertThat(held.expiresAt().toEpochMilli()).isGreaterThan(held.renewalTime());
			assertThat(held.toString()).contains("generation=1");
		}
	}

	@ParameterizedTest
	@Tag("RN-2")
	@ValueSource(strings = { "+1000000000-12-31T23:59:59.999999999Z", "2026-01-01T01:00:00Z" })
	void holdWhenItWasObtainedInTheFutureThenItsLifetimeCountsFromNow(Instant obtainedAt) {
		HeldToken held = schedule(0, (settings) -> {
		}).hold(token().obtainedAt(obtainedAt).expiresIn(Duration.ofSeconds(100)).build(), 1, AT);
		assertThat(held.renewalTime()).isEqualTo(NOW + 80_000);
		assertThat(held.expiresAt().toEpochMilli()).isEqualTo(NOW + 100_000);
	}

	@Test
	@Tag("RN-2")
	void holdWhenItWasObtainedBeforeAllTimeThenIsExpired() {
		HeldToken held = schedule(0, (settings) -> {
		}).hold(token().obtainedAt(Instant.MIN).expiresIn(FOREVER).build(), 1, AT);
		assertThat(held.isFresh(AT)).isFalse();
		assertThat(held.isUsable(AT)).isFalse();
	}

	private static TokenSet.Builder token() {
		return TokenSet.withAccessToken("opaque");
	}

	private static RenewalSchedule schedule(double random, Consumer<ClientSettings.Builder> customizer) {
		ClientSettings.Builder settings = ClientSettings.of("inventory", (request) -> Mono.empty());
		customizer.accept(settings);
		return new RenewalSchedule(settings.build(), () -> random);
	}

	private static String base64(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

}
