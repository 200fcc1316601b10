package io.github.evertoken.samples.fleet.show;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a scene has to play with.
 *
 * @param fleet the fleet
 * @param grace for how long the authorization server takes a refresh token once more
 * @param random what decides, from the seed that was printed
 * @param timeline where to tell of it
 */
record Stage(Fleet fleet, Duration grace, Random random, Timeline timeline) {

	void say(String what, Object... arguments) {
		this.timeline.say("conductor", what, arguments);
	}

	boolean hasGrace() {
		return !this.grace.isZero();
	}

	Chronicle chronicle() {
		return this.fleet.chronicle();
	}

	/**
	 * Return a time below a bound.
	 */
	Duration any(Duration bound) {
		return Duration.ofMillis((long) (bound.toMillis() * this.random.nextDouble()));
	}

	/**
	 * Wait until all replicas have all tokens that can be had.
	 * @return whether they have
	 */
	boolean isWhole() {
		List<String> missing = new ArrayList<>();
		boolean whole = Signals.isSoWithin(Fleet.LIMIT, () -> {
			missing.clear();
			missing.addAll(this.fleet.missing());
			return missing.isEmpty();
		});
		missing.forEach((each) -> say("%s", each));
		return whole;
	}

}
