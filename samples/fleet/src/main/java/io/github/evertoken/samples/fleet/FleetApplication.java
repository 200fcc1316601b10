package io.github.evertoken.samples.fleet;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

import io.github.evertoken.samples.fleet.show.Show;
import io.github.evertoken.samples.fleet.show.Summary;
import io.github.evertoken.samples.fleet.show.Timeline;

/**
 * Starts an authorization server, a Redis and four replicas as processes, does to them
 * what it can, and ends with a table of the promises: with 0 if every one was kept.
 */
public final class FleetApplication {

	private static final int ROUNDS = 6;

	private FleetApplication() {
	}

	/**
	 * Start.
	 * @param args {@code --seed=} and a number, {@code --rounds=} and how many random
	 * rounds there are, {@code --only=} and the names of some scenes, {@code --page=} and
	 * the port of the first replica's page, if each is to have one
	 */
	public static void main(String[] args) {
		System.setProperty("reactor.netty.native", "false");
		long seed = number(args, "seed", new SecureRandom().nextInt(Integer.MAX_VALUE));
		int rounds = (int) number(args, "rounds", ROUNDS);
		Set<String> only = text(args, "only").map((names) -> Set.of(names.split(","))).orElse(Set.of());
		Timeline timeline = new Timeline(System.out);
		int exitCode = 1;
		try {
			Summary summary = new Show(timeline, seed, rounds, only, (int) number(args, "page", Show.NO_PAGE)).play();
			summary.print(timeline);
			exitCode = summary.exitCode();
		}
		catch (RuntimeException ex) {
			timeline.say("conductor", "the show broke off: %s", ex);
		}
		System.exit(exitCode);
	}

	private static long number(String[] args, String name, long otherwise) {
		return text(args, name).map(Long::parseLong).orElse(otherwise);
	}

	private static Optional<String> text(String[] args, String name) {
		String prefix = "--" + name + "=";
		return Arrays.stream(args)
			.filter((arg) -> arg.startsWith(prefix) && arg.length() > prefix.length())
			.map((arg) -> arg.substring(prefix.length()))
			.findFirst();
	}

}
