package io.github.evertoken.benchmarks.fleet;

import java.time.Duration;

/**
 * What a fleet goes through.
 *
 * @param replicas how many replicas there are
 * @param lifetime how long an access token lives
 * @param jitter the part of the lifetime by which renewals come earlier at random
 * @param shared whether the replicas share a store
 * @param start the time over which the replicas start
 * @param lasts how long it is looked at
 * @param callEvery how often each replica has a call that needs a token
 * @param incident what happens meanwhile
 * @param from when that begins
 * @param length how long it takes
 * @param seed what all that is random follows from
 */
record Scenario(int replicas, Duration lifetime, double jitter, boolean shared, Duration start, Duration lasts,
		Duration callEvery, Incident incident, Duration from, Duration length, long seed) {

	/**
	 * The jitter that a client has if nobody says otherwise.
	 */
	static final double JITTER = 0.05;

	/**
	 * Calls in a lifetime that keep a token in use.
	 */
	private static final int CALLS = 20;

	/**
	 * What may happen to a fleet.
	 */
	enum Incident {

		/** Nothing. */
		NONE,
		/** Each replica is replaced by a new one. */
		DEPLOYMENT,
		/** The issuer fails. */
		ISSUER_AWAY,
		/** The store does not answer. */
		STORE_AWAY

	}

	/**
	 * Start all replicas within a second, or a tenth of a shorter lifetime than ten, and
	 * let them be.
	 * @param replicas how many there are
	 * @param lifetime how long an access token lives
	 * @param lasts how long it is looked at
	 * @param seed what all that is random follows from
	 * @return the scenario, with jitter and without a store
	 */
	static Scenario coldStart(int replicas, Duration lifetime, Duration lasts, long seed) {
		Duration start = Duration.ofMillis(Math.min(1000, lifetime.toMillis() / 10));
		return new Scenario(replicas, lifetime, JITTER, false, start, lasts, lifetime.dividedBy(CALLS), Incident.NONE,
				Duration.ZERO, Duration.ZERO, seed);
	}

	Scenario withoutJitter() {
		return new Scenario(this.replicas, this.lifetime, 0, this.shared, this.start, this.lasts, this.callEvery,
				this.incident, this.from, this.length, this.seed);
	}

	Scenario sharing() {
		return new Scenario(this.replicas, this.lifetime, this.jitter, true, this.start, this.lasts, this.callEvery,
				this.incident, this.from, this.length, this.seed);
	}

	Scenario startingOver(Duration start) {
		return new Scenario(this.replicas, this.lifetime, this.jitter, this.shared, start, this.lasts, this.callEvery,
				this.incident, this.from, this.length, this.seed);
	}

	Scenario calling(Duration every) {
		return new Scenario(this.replicas, this.lifetime, this.jitter, this.shared, this.start, this.lasts, every,
				this.incident, this.from, this.length, this.seed);
	}

	Scenario with(Incident incident, Duration from, Duration length) {
		return new Scenario(this.replicas, this.lifetime, this.jitter, this.shared, this.start, this.lasts,
				this.callEvery, incident, from, length, this.seed);
	}

	Scenario lasting(Duration lasts) {
		return new Scenario(this.replicas, this.lifetime, this.jitter, this.shared, this.start, lasts, this.callEvery,
				this.incident, this.from, this.length, this.seed);
	}

	Duration until() {
		return this.from.plus(this.length);
	}

}
