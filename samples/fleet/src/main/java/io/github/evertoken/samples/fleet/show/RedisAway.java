package io.github.evertoken.samples.fleet.show;

import java.time.Duration;

/**
 * Redis does not answer, drops its connections, and is started anew.
 */
final class RedisAway implements Scene {

	private static final Duration AWAY = Duration.ofMillis(1500);

	private static final Duration PAUSE = Duration.ofSeconds(3);

	@Override
	public String promise() {
		return "Redis hangs, drops connections, starts anew: no call notices";
	}

	@Override
	public Promise play(Stage stage) {
		long callsBefore = stage.chronicle().calls();
		long start = System.currentTimeMillis();
		for (RedisTrouble trouble : RedisTrouble.values()) {
			stage.say("Redis: %s", trouble);
			trouble.happens(stage, AWAY);
			Signals.pass(PAUSE);
		}
		boolean whole = stage.isWhole();
		long failed = stage.chronicle().failedSince(start);
		long calls = stage.chronicle().calls() - callsBefore;
		return Promise.of(promise(), whole && failed == 0 && calls > 0, "calls: %d, failed calls: %d", calls, failed);
	}

}
