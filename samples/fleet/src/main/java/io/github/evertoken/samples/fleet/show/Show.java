package io.github.evertoken.samples.fleet.show;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Plays the scenes, with an authorization server that takes a refresh token once, and
 * with one that takes it again for a while.
 */
public final class Show {

	/**
	 * Longer than a lease of a client with a grace lasts, by what a slow machine needs.
	 */
	private static final Duration GRACE = Duration.ofSeconds(40);

	/**
	 * In place of a port: no replica has a page.
	 */
	public static final int NO_PAGE = 0;

	private static final int REPLICAS = 4;

	private static final List<String> SUBJECTS = List.of("alice", "bob", "carol", "dave", "erin", "frank");

	private final Timeline timeline;

	private final long seed;

	private final int rounds;

	private final Set<String> only;

	private final int page;

	/**
	 * Prepare the show.
	 * @param timeline where to tell of it
	 * @param seed what decides what happens at random
	 * @param rounds how many random rounds there are
	 * @param only the names of the scenes to be played, empty for all
	 * @param page the port of the first replica's page, which those of the others follow,
	 * or {@link #NO_PAGE}
	 */
	public Show(Timeline timeline, long seed, int rounds, Set<String> only, int page) {
		this.timeline = timeline;
		this.seed = seed;
		this.rounds = rounds;
		this.only = only;
		this.page = page;
	}

	/**
	 * Play all.
	 * @return how the promises were kept
	 */
	public Summary play() {
		this.timeline.say("conductor", "the seed is %d", this.seed);
		List<Promise> promises = new ArrayList<>(act(Duration.ZERO, List.of(new Quiet(), new SignOut(), new RedisAway(),
				new DeadIssuer(), new Deployment(), new Deaths(), new Rounds((this.rounds + 1) / 2))));
		promises.addAll(act(GRACE, List.of(new Deaths(), new Rounds(this.rounds / 2))));
		return new Summary(promises);
	}

	private List<Promise> act(Duration grace, List<Scene> all) {
		List<Scene> scenes = all.stream().filter(this::isPlayed).toList();
		if (scenes.isEmpty()) {
			return List.of();
		}
		String with = grace.isZero() ? "Grace 0 s: " : "Grace " + grace.toSeconds() + " s: ";
		this.timeline.say("conductor", "an authorization server with a grace of %d s, a Redis and %d replicas start",
				grace.toSeconds(), REPLICAS);
		List<Promise> promises = new ArrayList<>();
		Fleet fleet = Fleet.start(REPLICAS, SUBJECTS, grace, this.page, this.timeline);
		this.timeline.say("conductor", "they are there; logs are in %s", fleet.directory());
		for (int place = 0; this.page != NO_PAGE && place < REPLICAS; place++) {
			this.timeline.say("conductor", "the page of r%d: http://127.0.0.1:%d/actuator/evertoken/ui/", place + 1,
					this.page + place);
		}
		try (fleet) {
			Stage stage = new Stage(fleet, grace, new Random(this.seed), this.timeline);
			scenes.forEach((scene) -> promises.add(play(scene, stage, with)));
			promises.addAll(throughout(stage, with));
		}
		if (promises.stream().allMatch(Promise::kept)) {
			fleet.forget();
		}
		return promises;
	}

	private boolean isPlayed(Scene scene) {
		return this.only.isEmpty() || this.only.contains(scene.getClass().getSimpleName());
	}

	private static Promise play(Scene scene, Stage stage, String with) {
		try {
			Promise promise = scene.play(stage);
			return new Promise(with + promise.text(), promise.measured(), promise.kept());
		}
		catch (RuntimeException ex) {
			stage.say("the scene broke off: %s", ex);
			return Promise.of(with + scene.promise(), false, "the scene broke off");
		}
	}

	private static List<Promise> throughout(Stage stage, String with) {
		Losses losses = new Losses(stage.fleet());
		losses.beyondTheWindow().forEach((reuse) -> stage.say("beyond the window: %s", reuse));
		List<Told> failed = stage.chronicle()
			.lines("failed")
			.filter((told) -> told.detail(0).equals("token") && !losses.isExcused(told))
			.toList();
		failed.forEach((told) -> stage.say("a failed call: %s", told));
		long calls = stage.chronicle().calls();
		if (stage.chronicle().busyTime() > 0) {
			stage.say("for %.1f s the machine had too much else to do, and nobody is judged by that",
					stage.chronicle().busyTime() / 1000.0);
		}
		return List.of(Promise.of(with + "No refresh token is sent twice but in the one window",
				losses.beyondTheWindow().isEmpty(), "rotations: %d, sent twice: %d, beyond the window: %d",
				stage.fleet().issuer().rotations().size(), losses.all().size(), losses.beyondTheWindow().size()),
				Promise.of(with + "Each session that is lost is told by an event", losses.untold().isEmpty(),
						"sessions lost: %d, untold: %d", losses.all().size(), losses.untold().size()),
				Promise.of(with + "No call fails for want of a token that could be had", calls > 0 && failed.isEmpty(),
						"calls: %d, failed: %d", calls, failed.size()));
	}

}
