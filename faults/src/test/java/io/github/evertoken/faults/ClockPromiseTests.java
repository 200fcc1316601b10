package io.github.evertoken.faults;

import java.time.Duration;
import java.util.Random;

import io.github.evertoken.faults.Application.Outcome;
import io.github.evertoken.faults.FaultWorld.Grant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clocks that jump, and machines that are suspended, told over real HTTP.
 */
@Tag("LC-11")
class ClockPromiseTests {

	private static final String ALICE = "alice";

	private final PromiseWorld world = new PromiseWorld();

	@AfterEach
	void close() {
		this.world.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "OWN", "ROTATING" })
	void callWhenTheWallClockJumpsAgainAndAgainThenNoneFailsAndNoExpiredTokenIsSent(Grant grant) {
		Application application = this.world.start(grant, (settings) -> {
		});
		String subject = (grant == Grant.OWN) ? null : ALICE;
		if (subject != null) {
			application.logIn(subject, this.world.issuer().login());
		}
		Random random = new Random(11);
		for (int i = 0; i < 60; i++) {
			this.world.setWallClock(Duration.ofHours(random.nextInt(3) - 1));
			assertThat(application.begin(subject, Application.ITEMS).outcome().isAnswered()).as("call %d", i).isTrue();
			this.world.pass(Duration.ofSeconds(random.nextInt(100)));
		}
		assertThat(this.world.expiredTokensSent()).isZero();
		assertThat(this.world.issuer().reuses()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 1 })
	void callWhenTheWallClockIsSetRightAgainThenNoExpiredTokenIsSent(int hours) {
		this.world.setWallClock(Duration.ofHours(hours));
		Application application = startWithOwnGrant();
		assertThat(application.call().isAnswered()).isTrue();
		this.world.setWallClock(Duration.ZERO);
		for (int i = 0; i < 20; i++) {
			assertThat(application.call().isAnswered()).isTrue();
			this.world.pass(Duration.ofSeconds(35));
		}
		assertThat(this.world.expiredTokensSent()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 1 })
	void callWhenItComesAfterTheExpiryThenTheTokenIsReplacedThoughTheWallClockWasSetBefore(int hours) {
		Application application = this.world.start(Grant.ROTATING, (settings) -> {
		});
		application.logIn(ALICE, this.world.issuer().login());
		this.world.setWallClock(Duration.ofHours(hours));
		assertThat(application.call(ALICE).isAnswered()).isTrue();
		this.world.setWallClock(Duration.ZERO);
		this.world.pass(FaultWorld.LIFETIME);
		assertThat(application.call(ALICE).isAnswered()).isTrue();
		assertThat(this.world.expiredTokensSent()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 1 })
	void cooldownWhenTheWallClockJumpsThenIsAsLongAsBefore(int hours) {
		Application application = startWithOwnGrant();
		this.world.fault(Fault.UNAVAILABLE);
		assertThat(application.call().isAnswered()).isFalse();
		this.world.fault(Fault.NONE);
		this.world.setWallClock(Duration.ofHours(hours));
		this.world.pass(Duration.ofSeconds(5));
		assertThat(application.call().isAnswered()).isTrue();
	}

	@Test
	void callWhenTheMachineWasSuspendedThenNoExpiredTokenIsSent() {
		Application application = startWithOwnGrant();
		String token = application.call().token();
		this.world.suspend(Duration.ofHours(1));
		Outcome next = application.call();
		assertThat(next.isAnswered()).isTrue();
		assertThat(next.token()).isNotEqualTo(token);
		assertThat(this.world.expiredTokensSent()).isZero();
	}

	private Application startWithOwnGrant() {
		return this.world.start(Grant.OWN, (settings) -> {
		});
	}

}
