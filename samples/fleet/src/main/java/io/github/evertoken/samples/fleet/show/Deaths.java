package io.github.evertoken.samples.fleet.show;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.samples.fleet.Step;

/**
 * A replica dies at each step of the protocol.
 */
final class Deaths implements Scene {

	private static final int MOST_TRIES = 3;

	@Override
	public String promise() {
		return "A replica dies at each step of the protocol: no session is lost beyond the one window";
	}

	@Override
	public Promise play(Stage stage) {
		Fleet fleet = stage.fleet();
		boolean reached = true;
		List<Victim> victims = new ArrayList<>();
		for (Step step : Step.values()) {
			String subject = fleet.subjects().get(step.ordinal());
			boolean died = false;
			// Another replica may be faster with what this one is to do.
			for (int tries = 0; !died && tries < MOST_TRIES; tries++) {
				int place = fleet.anyOf(stage.random());
				stage.say("%s is to die %s, for %s", fleet.replica(place).name(), step, subject);
				died = Death.at(step, subject, fleet, place);
				victims.add(new Victim(step, subject, fleet.session(subject), Instant.now()));
				fleet.restart(place);
			}
			reached &= died;
		}
		List<Victim> lost = victims.stream()
			.filter((victim) -> !fleet.outlives(victim.session(), victim.at()))
			.toList();
		lost.forEach((victim) -> stage.say("the session of %s is lost: %s", victim.subject(), victim.step()));
		long beyond = lost.stream().filter((victim) -> stage.hasGrace() || !victim.step().isInTheWindow()).count();
		boolean whole = stage.isWhole();
		fleet.logInAgain(fleet.replica(0));
		return Promise.of(promise(), reached && whole && beyond == 0,
				"deaths: %d, sessions lost: %d, beyond the window: %d, all others whole: %s", victims.size(),
				lost.size(), beyond, whole);
	}

	/**
	 * Somebody for whom a replica has died.
	 *
	 * @param step at which step
	 * @param subject who
	 * @param session the session that the replica was to renew
	 * @param at when it had died
	 */
	private record Victim(Step step, String subject, String session, Instant at) {

	}

}
