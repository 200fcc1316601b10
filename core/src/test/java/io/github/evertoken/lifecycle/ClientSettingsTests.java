package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.store.TokenStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ClientSettings} and its builder.
 */
class ClientSettingsTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

	private static final TokenIssuer ISSUER = (request) -> Mono.never();

	@Test
	void buildThenHasTheDocumentedDefaults() {
		ClientSettings settings = builder().build();
		assertThat(settings.name()).isEqualTo("inventory");
		assertThat(settings.issuer()).isSameAs(ISSUER);
		assertThat(settings.store()).isNull();
		assertThat(settings.refreshToken()).isNull();
		assertThat(settings.dpop()).isNull();
		assertThat(settings.defaultLifetime()).isEqualTo(Duration.ofMinutes(5));
		assertThat(settings.expiryMargin()).isEqualTo(Duration.ofSeconds(10));
		assertThat(settings.renewAt()).isEqualTo(0.8);
		assertThat(settings.renewalJitter()).isEqualTo(0.05);
		assertThat(settings.keepAlive()).isFalse();
		assertThat(settings.responseTimeout()).isEqualTo(Duration.ofSeconds(5));
		assertThat(settings.refreshDeadline()).isEqualTo(Duration.ofSeconds(30));
		assertThat(settings.storeTimeout()).isEqualTo(Duration.ofMillis(500));
		assertThat(settings.maxWait()).isEqualTo(Duration.ofSeconds(10));
		assertThat(settings.maxLease()).isEqualTo(Duration.ofHours(24));
		assertThat(settings.backoff()).isEqualTo(new Backoff(500, 5000, 3000));
		assertThat(settings.maxConcurrentRequests()).isEqualTo(64);
		assertThat(settings.maxRenewals()).isEqualTo(5);
		assertThat(settings.rejectionWindow()).isEqualTo(Duration.ofSeconds(30));
		assertThat(settings.maximumSubjects()).isEqualTo(10_000);
		assertThat(settings.subjectExpireAfterIdle()).isEqualTo(Duration.ofMinutes(30));
		assertThat(settings.awaitSignIn()).isZero();
	}

	@Test
	void buildThenHasWhatWasSet() {
		TokenStore store = new VersionedMapStore();
		ClientSettings settings = builder().store(store)
			.refreshToken("r1")
			.defaultLifetime(Duration.ofSeconds(1))
			.expiryMargin(Duration.ofSeconds(2))
			.renewAt(0.5)
			.renewalJitter(0.25)
			.keepAlive(true)
			.responseTimeout(Duration.ofSeconds(3))
			.refreshDeadline(Duration.ofSeconds(4))
			.storeTimeout(Duration.ofSeconds(5))
			.maxWait(Duration.ofSeconds(6))
			.maxLease(Duration.ofSeconds(7))
			.initialBackoff(Duration.ofSeconds(8))
			.maxBackoff(Duration.ofSeconds(9))
			.patience(Duration.ofSeconds(10))
			.maxConcurrentRequests(11)
			.maxRenewals(12)
			.rejectionWindow(Duration.ofSeconds(13))
			.maximumSubjects(14)
			.subjectExpireAfterIdle(Duration.ofSeconds(15))
			.awaitSignIn(Duration.ofSeconds(16))
			.dpop(null)
			.build();
		assertThat(settings.store()).isSameAs(store);
		assertThat(settings.refreshToken()).isEqualTo("r1");
		assertThat(settings.defaultLifetime()).hasSeconds(1);
		assertThat(settings.expiryMargin()).hasSeconds(2);
		assertThat(settings.renewAt()).isEqualTo(0.5);
		assertThat(settings.renewalJitter()).isEqualTo(0.25);
		assertThat(settings.keepAlive()).isTrue();
		assertThat(settings.responseTimeout()).hasSeconds(3);
		assertThat(settings.refreshDeadline()).hasSeconds(4);
		assertThat(settings.storeTimeout()).hasSeconds(5);
		assertThat(settings.maxWait()).hasSeconds(6);
		assertThat(settings.maxLease()).hasSeconds(7);
		assertThat(settings.backoff()).isEqualTo(new Backoff(8000, 9000, 10_000));
		assertThat(settings.maxConcurrentRequests()).isEqualTo(11);
		assertThat(settings.maxRenewals()).isEqualTo(12);
		assertThat(settings.rejectionWindow()).hasSeconds(13);
		assertThat(settings.maximumSubjects()).isEqualTo(14);
		assertThat(settings.subjectExpireAfterIdle()).hasSeconds(15);
		assertThat(settings.awaitSignIn()).hasSeconds(16);
	}

	@Test
	void deadlineThenIsASecondAfterWhatTheAttemptMayTake() {
		ClientSettings settings = builder().responseTimeout(Duration.ofSeconds(3))
			.refreshDeadline(Duration.ofSeconds(9))
			.build();
		assertThat(settings.deadline(false)).isEqualTo(4000);
		assertThat(settings.deadline(true)).isEqualTo(10_000);
	}

	@Test
	void buildWhenDurationsAreEndlessThenTheyAreBounded() {
		ClientSettings settings = builder().maxWait(FOREVER).responseTimeout(FOREVER).refreshDeadline(FOREVER).build();
		assertThat(settings.maxWait()).isEqualTo(ClientSettings.LONGEST);
		assertThat(settings.deadline(true)).isEqualTo(ClientSettings.LONGEST.toMillis() + 1000);
		assertThat(ClientSettings.bounded(SECOND)).isSameAs(SECOND);
	}

	@Test
	void setWhenADurationIsNotPositiveThenIsRefused() {
		for (Duration wrong : new Duration[] { Duration.ZERO, Duration.ofMillis(-1) }) {
			String message = "must be positive, but is " + wrong;
			assertRefused((settings) -> settings.defaultLifetime(wrong), message);
			assertRefused((settings) -> settings.responseTimeout(wrong), message);
			assertRefused((settings) -> settings.refreshDeadline(wrong), message);
			assertRefused((settings) -> settings.storeTimeout(wrong), message);
			assertRefused((settings) -> settings.maxWait(wrong), message);
			assertRefused((settings) -> settings.maxLease(wrong), message);
			assertRefused((settings) -> settings.initialBackoff(wrong), message);
			assertRefused((settings) -> settings.maxBackoff(wrong), message);
			assertRefused((settings) -> settings.rejectionWindow(wrong), message);
			assertRefused((settings) -> settings.subjectExpireAfterIdle(wrong), message);
		}
	}

	@Test
	void setWhenADurationIsNegativeThenIsRefusedAndZeroIsNot() {
		Duration wrong = Duration.ofMillis(-1);
		String message = "must be zero or positive, but is " + wrong;
		assertRefused((settings) -> settings.expiryMargin(wrong), message);
		assertRefused((settings) -> settings.patience(wrong), message);
		assertRefused((settings) -> settings.awaitSignIn(wrong), message);
		ClientSettings none = builder().expiryMargin(Duration.ZERO)
			.patience(Duration.ZERO)
			.awaitSignIn(Duration.ZERO)
			.build();
		assertThat(none.expiryMargin()).isZero();
		assertThat(none.backoff().patience()).isZero();
	}

	@Test
	void setWhenANumberIsTooSmallThenIsRefused() {
		assertRefused((settings) -> settings.maxConcurrentRequests(0), "must be 1 or more, but is 0");
		assertRefused((settings) -> settings.maximumSubjects(0), "must be 1 or more, but is 0");
		assertRefused((settings) -> settings.maxRenewals(-1), "must be 0 or more, but is -1");
		ClientSettings least = builder().maxConcurrentRequests(1).maximumSubjects(1).maxRenewals(0).build();
		assertThat(least.maxConcurrentRequests()).isEqualTo(1);
		assertThat(least.maximumSubjects()).isEqualTo(1);
		assertThat(least.maxRenewals()).isZero();
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0, 1, -0.1, 1.1, Double.NaN })
	void renewAtWhenItIsNoFractionThenIsRefused(double wrong) {
		assertRefused((settings) -> settings.renewAt(wrong), "more than 0 and less than 1, but is " + wrong);
	}

	@ParameterizedTest
	@ValueSource(doubles = { 1, -0.1, 1.1, Double.NaN })
	void renewalJitterWhenItIsNoFractionThenIsRefused(double wrong) {
		assertRefused((settings) -> settings.renewalJitter(wrong), "at least 0 and less than 1, but is " + wrong);
	}

	@Test
	void renewalJitterWhenThereIsNoneThenIsTaken() {
		assertThat(builder().renewalJitter(0).build().renewalJitter()).isZero();
	}

	@Test
	void buildWhenTwoSettingsContradictEachOtherThenFails() {
		assertContradiction((settings) -> settings.renewAt(0.5).renewalJitter(0.5),
				"The renewal jitter of client 'inventory' must be less than its renewal point 0.5, but is 0.5");
		assertContradiction((settings) -> settings.initialBackoff(SECOND.plusMillis(1)).maxBackoff(SECOND),
				"The initial backoff of client 'inventory' must not exceed its maximum PT1S, but is PT1.001S");
		assertContradiction((settings) -> settings.refreshDeadline(SECOND).responseTimeout(SECOND.plusMillis(1)),
				"The refresh deadline of client 'inventory' must not be less than its response time-out PT1.001S,"
						+ " but is PT1S");
	}

	@Test
	void buildWhenTwoSettingsAreAlikeThenIsNoContradiction() {
		ClientSettings settings = builder().initialBackoff(SECOND)
			.maxBackoff(SECOND)
			.refreshDeadline(SECOND)
			.responseTimeout(SECOND)
			.build();
		assertThat(settings.backoff()).isEqualTo(new Backoff(1000, 1000, 3000));
	}

	private static ClientSettings.Builder builder() {
		return ClientSettings.of("inventory", ISSUER);
	}

	private static void assertRefused(Consumer<ClientSettings.Builder> setting, String message) {
		ClientSettings.Builder settings = builder();
		assertThatIllegalArgumentException().isThrownBy(() -> setting.accept(settings)).withMessageEndingWith(message);
	}

	private static void assertContradiction(Consumer<ClientSettings.Builder> setting, String message) {
		ClientSettings.Builder settings = builder();
		setting.accept(settings);
		assertThatIllegalArgumentException().isThrownBy(settings::build).withMessage(message);
	}

}
