package io.github.evertoken.samples.fleet.show;

import java.time.Duration;

import io.github.evertoken.samples.fleet.Step;

/**
 * Kills a replica at a step of the protocol.
 */
final class Death {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private Death() {
	}

	/**
	 * Let a replica renew a session, and die of it.
	 * @return whether it has come to that step; it is killed in any case
	 */
	static boolean at(Step step, String subject, Fleet fleet, int place) {
		Replica replica = fleet.replica(place);
		if (step == Step.BEFORE_ANSWER) {
			fleet.issuer().killer((rotation) -> {
				boolean its = rotation.replica().equals(replica.name()) && rotation.subject().equals(subject);
				if (its) {
					replica.kill();
				}
				return its;
			});
		}
		else {
			replica.arm(step, subject);
		}
		replica.say("renew", subject);
		boolean reached = Signals.isSoWithin(PATIENCE, () -> !replica.isAlive());
		fleet.issuer().killer((rotation) -> false);
		if (!reached) {
			replica.kill();
		}
		else if (step != Step.BEFORE_ANSWER) {
			replica.isDead();
		}
		return reached;
	}

}
