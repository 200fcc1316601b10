package io.github.evertoken.samples.fleet.show;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.evertoken.samples.fleet.Step;

/**
 * Whatever may happen does, at random: replicas are killed, at any time and at a step of
 * the protocol, paused for longer than a lease, stopped and started anew; Redis hangs,
 * drops connections, and dies.
 */
final class Rounds implements Scene {

	private static final Duration BETWEEN = Duration.ofSeconds(3);

	private static final Duration LONGEST_AWAY = Duration.ofSeconds(4);

	private final int rounds;

	private CompletableFuture<Void> paused = CompletableFuture.completedFuture(null);

	private int pausedPlace = -1;

	private CompletableFuture<Void> starting = CompletableFuture.completedFuture(null);

	private int startingPlace = -1;

	Rounds(int rounds) {
		this.rounds = rounds;
	}

	@Override
	public String promise() {
		return this.rounds + " random rounds: no session is lost beyond the one window";
	}

	@Override
	public Promise play(Stage stage) {
		Losses losses = new Losses(stage.fleet());
		int before = losses.all().size();
		stage.fleet().issuer().longestDelay(Duration.ofMillis(300));
		for (int round = 1; round <= this.rounds; round++) {
			play(stage, round);
			Signals.pass(stage.any(BETWEEN));
			stage.fleet().logInAgain(stage.fleet().replica(placeOfNext(stage)));
		}
		this.paused.join();
		this.starting.join();
		stage.fleet().issuer().longestDelay(Duration.ZERO);
		stage.fleet().logInAgain(stage.fleet().replica(0));
		boolean whole = stage.isWhole();
		int beyond = losses.beyondTheWindow().size();
		return Promise.of(promise(), whole && beyond == 0 && (!stage.hasGrace() || losses.all().size() == before),
				"sessions lost: %d, beyond the window: %d, all others whole: %s", losses.all().size() - before, beyond,
				whole);
	}

	private void play(Stage stage, int round) {
		int place = placeOfNext(stage);
		Fleet fleet = stage.fleet();
		String name = fleet.replica(place).name();
		switch (stage.random().nextInt(6)) {
			case 0 -> {
				stage.say("round %d: %s is killed", round, name);
				Signals.pass(stage.any(BETWEEN));
				fleet.replica(place).kill();
				replace(fleet, place);
			}
			case 1, 2 -> {
				Step step = Step.values()[stage.random().nextInt(Step.values().length)];
				String subject = fleet.subjects().get(stage.random().nextInt(fleet.subjects().size()));
				stage.say("round %d: %s is to die %s, for %s", round, name, step, subject);
				Death.at(step, subject, fleet, place);
				replace(fleet, place);
			}
			case 3 -> pause(stage, round, place);
			case 4 -> {
				RedisTrouble trouble = RedisTrouble.values()[stage.random().nextInt(RedisTrouble.values().length)];
				stage.say("round %d: Redis %s", round, trouble);
				trouble.happens(stage, stage.any(LONGEST_AWAY));
			}
			default -> {
				stage.say("round %d: %s is stopped, and started anew", round, name);
				fleet.replica(place).stop();
				replace(fleet, place);
			}
		}
	}

	/**
	 * Return the place of any that is neither paused nor on its way.
	 */
	private int placeOfNext(Stage stage) {
		int place = stage.fleet().anyOf(stage.random());
		while (place == this.pausedPlace && !this.paused.isDone()
				|| place == this.startingPlace && !this.starting.isDone()) {
			place = (place + 1) % stage.fleet().size();
		}
		return place;
	}

	/**
	 * One replica is on its way at a time, while the rounds go on.
	 */
	private void replace(Fleet fleet, int place) {
		this.starting.join();
		this.startingPlace = place;
		this.starting = fleet.replace(place);
	}

	/**
	 * One replica is paused at a time, while the rounds go on.
	 */
	private void pause(Stage stage, int round, int place) {
		this.paused.join();
		Duration time = Fleet.LEASE.plus(stage.any(Duration.ofSeconds(5)));
		Replica replica = stage.fleet().replica(place);
		stage.say("round %d: %s is paused for %.1f s", round, replica.name(), time.toMillis() / 1000.0);
		Signals.pass(stage.any(BETWEEN));
		Absence absence = replica.pause();
		this.pausedPlace = place;
		this.paused = CompletableFuture.runAsync(() -> {
			Signals.pass(time);
			replica.resume(absence);
			stage.say("%s goes on", replica.name());
		});
	}

}
