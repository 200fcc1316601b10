package io.github.evertoken.faults;

import java.time.Duration;

import io.github.evertoken.faults.FaultWorld.Grant;
import io.github.evertoken.faults.FaultyStore.Condition;
import io.github.evertoken.faults.Fault.Source;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of the session of somebody who goes for lunch while answers get lost, at a
 * server that takes a rotated refresh token once more for a minute.
 */
@Tag("LC-3")
class IdleSessionTests {

	@ParameterizedTest
	@EnumSource(names = { "RESET_AFTER_REDEEMING", "CUT_WITHOUT_LENGTH", "PAGE_AFTER_REDEEMING",
			"GATEWAY_TIMEOUT_AFTER_REDEEMING" })
	void callWhenTheAnswersOfAnIdleKeyWereLostForAWhileThenItsSessionLives(Fault fault) {
		try (FaultWorld world = new FaultWorld(Fault.NONE, false, Condition.NONE, Grant.ROTATING_WITH_GRACE)) {
			world.logIn("alice");
			assertThat(world.call().failure()).isNull();
			world.pass(FaultWorld.LIFETIME.multipliedBy(9).dividedBy(10));
			world.faults(Source.always(fault));
			assertThat(world.call().failure()).isNull();
			world.pass(Duration.ofSeconds(20));
			world.faults(Source.always(Fault.NONE));
			world.pass(FaultWorld.LIFETIME.multipliedBy(3));
			assertThat(world.call().failure()).isNull();
			assertThat(world.issuer().reuses()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "RESET_AFTER_REDEEMING", "CUT_WITHOUT_LENGTH" })
	void callWhenTheLastCallHasFailedBecauseAnswersWereLostThenTheSessionLives(Fault fault) {
		try (FaultWorld world = new FaultWorld(Fault.NONE, false, Condition.FINE, Grant.ROTATING_WITH_GRACE)) {
			world.logIn("alice");
			world.faults(Source.always(fault));
			assertThat(world.call().failure()).isEqualTo("transient");
			world.pass(Duration.ofSeconds(20));
			world.faults(Source.always(Fault.NONE));
			world.pass(FaultWorld.LIFETIME.multipliedBy(3));
			assertThat(world.call().failure()).isNull();
			assertThat(world.issuer().reuses()).isZero();
		}
	}

}
