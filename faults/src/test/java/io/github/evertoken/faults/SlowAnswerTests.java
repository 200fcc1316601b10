package io.github.evertoken.faults;

import java.time.Duration;

import io.github.evertoken.faults.FaultWorld.Grant;
import io.github.evertoken.faults.FaultyStore.Condition;
import io.github.evertoken.faults.Fault.Source;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long a token is used whose answer was slow.
 */
@Tag("LC-11")
class SlowAnswerTests {

	@ParameterizedTest
	@EnumSource(Condition.class)
	void callWhenTheAnswerWasSlowThenItsTokenIsNotUsedLongerThanItLives(Condition store) {
		try (FaultWorld world = new FaultWorld(Fault.NONE, false, store, Grant.ROTATING)) {
			world.logIn("alice");
			world.faults(Source.always(Fault.SLOW_BY_1_S));
			assertThat(world.call().failure()).isNull();
			world.faults(Source.always(Fault.UNAVAILABLE));
			world.pass(FaultWorld.LIFETIME.minusSeconds(2));
			assertThat(world.call().failure()).isNull();
			world.pass(Duration.ofMillis(1_500));
			world.call();
			assertThat(world.expiredTokensSent()).isZero();
		}
	}

	@Test
	void callWhenTheTokenHasExpiredOnItsWayThenItIsNotSent() {
		try (FaultWorld world = new FaultWorld(Fault.NONE, false, Condition.NONE, Grant.ROTATING,
				Duration.ofSeconds(5))) {
			world.logIn("alice");
			world.faults(Source.always(Fault.SLOW_BY_6_S));
			world.begin();
			world.pass(Duration.ofMillis(5_500));
			world.faults(Source.always(Fault.NONE));
			assertThat(world.call().failure()).isNull();
			assertThat(world.expiredTokensSent()).isZero();
		}
	}

}
