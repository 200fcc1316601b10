package io.github.evertoken.samples.fleet.show;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.github.evertoken.samples.fleet.Step;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A smaller fleet than that of the show, so that each build has seen one: two replicas
 * that are processes, a Redis, and one death.
 */
class FleetTests {

	@Test
	void fleetWhenAReplicaDiesAfterItsCommitThenTheOtherGoesOnWithTheSession() {
		ByteArrayOutputStream printed = new ByteArrayOutputStream();
		Timeline timeline = new Timeline(new PrintStream(printed, true, StandardCharsets.UTF_8));
		try (Fleet fleet = Fleet.start(2, List.of("alice"), Duration.ZERO, Show.NO_PAGE, timeline)) {
			assertThat(fleet.missing()).isEmpty();
			assertThat(Death.at(Step.AFTER_COMMIT, "alice", fleet, 0)).isTrue();
			int rotations = fleet.issuer().rotations().size();
			fleet.replica(1).say("renew", "alice");
			Signals.await(Fleet.LIMIT, "alice has no token any more", () -> fleet.replica(1).tells("renewed"));
			assertThat(fleet.chronicle().lines("renewed", "alice")).allMatch((told) -> told.details().isEmpty());
			assertThat(fleet.issuer().rotations()).hasSizeGreaterThan(rotations);
			assertThat(fleet.issuer().reuses()).isEmpty();
			assertThat(fleet.issuer().isAlive(fleet.session("alice"))).isTrue();
			assertThat(printed.toString(StandardCharsets.UTF_8)).contains("dies: AFTER_COMMIT");
			fleet.forget();
		}
	}

}
