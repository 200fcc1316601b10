package io.github.evertoken.samples.fleet.show;

import java.time.Duration;

/**
 * What may happen to Redis.
 */
enum RedisTrouble {

	/**
	 * Its process is paused: connections stay open, and nobody answers.
	 */
	PAUSE("is paused, and does not answer") {

		@Override
		void happens(Redis redis, Duration time) {
			redis.pause();
			Signals.pass(time);
			redis.resume();
		}

	},

	/**
	 * Every connection is closed by the server.
	 */
	CLIENT_KILL("closes all connections") {

		@Override
		void happens(Redis redis, Duration time) {
			redis.say("CLIENT", "KILL", "TYPE", "normal");
			redis.say("CLIENT", "KILL", "TYPE", "pubsub");
		}

	},

	/**
	 * It is busy with one command.
	 */
	SLEEP("is busy with one command") {

		@Override
		void happens(Redis redis, Duration time) {
			redis.say("DEBUG", "SLEEP", String.valueOf(time.toMillis() / 1000.0));
			Signals.pass(time);
		}

	},

	/**
	 * An administrator ends it, and starts it again.
	 */
	SHUTDOWN("is shut down, and started again") {

		@Override
		void happens(Redis redis, Duration time) {
			redis.shutDown();
			Signals.pass(time.dividedBy(2));
			redis.start();
		}

	},

	/**
	 * It dies, and is started again.
	 */
	KILL("is killed, and started again") {

		@Override
		void happens(Redis redis, Duration time) {
			redis.kill();
			Signals.pass(time.dividedBy(2));
			redis.start();
		}

	};

	private final String text;

	RedisTrouble(String text) {
		this.text = text;
	}

	/**
	 * Let it happen, and wait until it is over.
	 */
	final void happens(Stage stage, Duration time) {
		Absence absence = stage.chronicle().redisIsGone();
		happens(stage.fleet().redis(), time);
		absence.isOver();
	}

	abstract void happens(Redis redis, Duration time);

	@Override
	public String toString() {
		return this.text;
	}

}
