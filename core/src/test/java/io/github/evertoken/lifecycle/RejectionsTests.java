package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Rejections}.
 */
@Tag("RJ-6")
class RejectionsTests {

	private static final long NOW = 1_767_225_600_000L;

	private static final ClientSettings DEFAULTS = settings((settings) -> {
	});

	@Test
	void withWhenItIsTheFirstThenTheTokenIsReplacedThoughNeverAccepted() {
		Rejections first = Rejections.NONE.with(token(false), at(NOW), DEFAULTS);
		assertThat(first).isEqualTo(new Rejections(NOW, 1, false));
	}

	@Test
	void withWhenTheReplacementWasNeverAcceptedThenIsBarredForTheRestOfTheWindow() {
		Rejections barred = Rejections.NONE.with(token(true), at(NOW), DEFAULTS)
			.with(token(false), at(NOW + 1), DEFAULTS);
		assertThat(barred).isEqualTo(new Rejections(NOW, 1, true));
		assertThat(barred.with(token(true), at(NOW + 29_999), DEFAULTS)).isSameAs(barred);
		assertThat(barred.with(token(false), at(NOW + 30_000), DEFAULTS))
			.isEqualTo(new Rejections(NOW + 30_000, 1, false));
	}

	@Test
	void withWhenTheRenewalsAreSpentThenIsBarredForTheRestOfTheWindow() {
		Rejections rejections = Rejections.NONE;
		for (int i = 0; i < 5; i++) {
			rejections = rejections.with(token(true), at(NOW + 1000 * i), DEFAULTS);
			assertThat(rejections).isEqualTo(new Rejections(NOW, i + 1, false));
		}
		rejections = rejections.with(token(true), at(NOW + 29_999), DEFAULTS);
		assertThat(rejections.barred()).isTrue();
		assertThat(rejections.with(token(true), at(NOW + 30_000), DEFAULTS).barred()).isFalse();
	}

	@Test
	void withWhenNoRenewalsAreAllowedThenEachWindowIsBarredAtOnce() {
		ClientSettings none = settings((settings) -> settings.maxRenewals(0));
		Rejections barred = Rejections.NONE.with(token(true), at(NOW), none);
		assertThat(barred.barred()).isTrue();
		assertThat(barred.with(token(true), at(NOW + 30_000), none).barred()).isTrue();
	}

	@Test
	void withWhenTheWindowIsEndlessThenNothingOverflows() {
		ClientSettings endless = settings(
				(settings) -> settings.rejectionWindow(Duration.ofSeconds(Long.MAX_VALUE)).maxRenewals(1));
		Rejections barred = Rejections.NONE.with(token(true), at(NOW), endless).with(token(true), at(NOW), endless);
		assertThat(barred.barred()).isTrue();
		assertThat(barred.with(token(true), at(NOW + 1_000_000), endless)).isSameAs(barred);
	}

	private static HeldToken token(boolean accepted) {
		HeldToken token = new HeldToken("Bearer", "t", Instant.ofEpochMilli(NOW), Instant.ofEpochMilli(NOW + 1000), 1,
				1000, 0);
		if (accepted) {
			token.accepted();
		}
		return token;
	}

	private static Moment at(long time) {
		return new Moment(time, time);
	}

	private static ClientSettings settings(Consumer<ClientSettings.Builder> customizer) {
		ClientSettings.Builder settings = ClientSettings.of("inventory", (request) -> Mono.empty());
		customizer.accept(settings);
		return settings.build();
	}

}
