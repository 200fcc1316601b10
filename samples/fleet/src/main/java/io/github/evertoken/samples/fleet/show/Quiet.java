package io.github.evertoken.samples.fleet.show;

import java.time.Duration;
import java.time.Instant;

/**
 * Nothing happens for some lifetimes of a token.
 */
final class Quiet implements Scene {

	private static final Duration TIME = Fleet.LIFETIME.multipliedBy(2);

	/**
	 * A renewal at 75 to 80 % of the lifetime makes 1.3; a slow machine makes less, and
	 * what begins and ends the time of the count makes a little more.
	 */
	private static final double MOST = 1.6;

	@Override
	public String promise() {
		return "A token costs the whole fleet about 1.3 token requests in its lifetime";
	}

	@Override
	public Promise play(Stage stage) {
		boolean whole = stage.isWhole();
		stage.say("nothing happens for %d s", TIME.toSeconds());
		Instant start = Instant.now();
		Signals.pass(TIME);
		Instant end = Instant.now();
		long requests = stage.fleet()
			.issuer()
			.requests()
			.stream()
			.filter((request) -> request.at().isAfter(start) && request.at().isBefore(end))
			.count();
		int keys = stage.fleet().subjects().size() + 1;
		double lifetimes = (double) Duration.between(start, end).toMillis() / Fleet.LIFETIME.toMillis();
		double each = requests / (keys * lifetimes);
		return Promise.of(promise(), whole && each > 0.5 && each < MOST,
				"%.2f: %d token requests of %d replicas for %d tokens in %.1f lifetimes", each, requests,
				stage.fleet().size(), keys, lifetimes);
	}

}
