package io.github.evertoken.faults;

import java.time.Duration;

/**
 * What a key has when something begins to go wrong.
 */
enum Situation {

	/**
	 * The application has just been started: the token set of before, which has expired,
	 * rests in the store, or a user has just logged in.
	 */
	NOTHING("nothing") {

		@Override
		void reach(FaultWorld world) {
			world.logIn();
			if (world.hasStore()) {
				world.call();
				world.pass(LONG);
				world.restart();
			}
			world.beginFault();
		}

	},

	/**
	 * A token has just been obtained.
	 */
	FRESH("a fresh token") {

		@Override
		void reach(FaultWorld world) {
			world.logIn();
			world.call();
			world.beginFault();
		}

	},

	/**
	 * The token is valid, and its renewal time has come a second ago. The renewal of the
	 * service's own key is underway, or has failed.
	 */
	DUE("a token whose renewal time has come") {

		@Override
		void reach(FaultWorld world) {
			world.logIn();
			world.call();
			world.pass(BEFORE_RENEWAL);
			world.beginFault();
			world.pass(RENEWAL.plusSeconds(1).minus(BEFORE_RENEWAL));
		}

	},

	/**
	 * Another call has just been answered with a 401, though the token is valid and was
	 * accepted at the same place before.
	 */
	SUSPECT("a token that one 401 has made suspect") {

		@Override
		void reach(FaultWorld world) {
			world.logIn();
			world.call();
			world.pass(FaultWorld.LIFETIME.dividedBy(10));
			world.beginFault();
			world.beginStray();
		}

	},

	/**
	 * The token has expired unused.
	 */
	EXPIRED("an expired token") {

		@Override
		void reach(FaultWorld world) {
			world.logIn();
			world.call();
			world.pass(LONG);
			world.beginFault();
		}

	},

	/**
	 * The token has expired while its renewals failed.
	 */
	EXPIRED_MEANWHILE("a token that has expired since things went wrong") {

		@Override
		void reach(FaultWorld world) {
			world.logIn();
			world.call();
			world.pass(BEFORE_RENEWAL);
			world.beginFault();
			world.pass(RENEWAL.plusSeconds(1).minus(BEFORE_RENEWAL));
			world.call();
			world.pass(FaultWorld.LIFETIME.minus(RENEWAL));
		}

	};

	private static final Duration LONG = FaultWorld.LIFETIME.multipliedBy(3);

	private static final Duration BEFORE_RENEWAL = FaultWorld.LIFETIME.multipliedBy(76).dividedBy(100);

	/**
	 * At 80 % less half of the jitter of 5 %.
	 */
	private static final Duration RENEWAL = FaultWorld.LIFETIME.multipliedBy(775).dividedBy(1000);

	private final String description;

	Situation(String description) {
		this.description = description;
	}

	String description() {
		return this.description;
	}

	/**
	 * Tell whether it makes a difference that a fault happens once: not if nothing is
	 * asked for, and not if it has long been over.
	 */
	boolean tellsOnce() {
		return this != FRESH && this != EXPIRED_MEANWHILE;
	}

	/**
	 * Tell whether the key has a token that is good enough for a call.
	 */
	boolean holdsUsable() {
		return this == FRESH || this == DUE || this == SUSPECT;
	}

	/**
	 * Bring a key there, and begin with what goes wrong.
	 */
	abstract void reach(FaultWorld world);

}
