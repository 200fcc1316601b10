package io.github.evertoken.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.faults.FaultWorld.Grant;
import io.github.evertoken.faults.FaultWorld.Outcome;
import io.github.evertoken.faults.FaultyStore.Condition;
import io.github.evertoken.test.Fault;
import org.jspecify.annotations.Nullable;

/**
 * One cell of the matrix.
 *
 * @param situation what the key has
 * @param once whether one request meets the fault, or all do for a while
 * @param fault what goes wrong with the issuer
 * @param grant how the client gets its tokens
 * @param store what becomes of the store
 */
record FaultCell(Situation situation, boolean once, Fault fault, Grant grant, Condition store) {

	/**
	 * How long a fault lasts from the call on, unless it happens once.
	 */
	static final Duration FAULT = Duration.ofSeconds(20);

	static List<FaultCell> all() {
		List<FaultCell> cells = new ArrayList<>();
		for (Situation situation : Situation.values()) {
			for (boolean once : List.of(true, false)) {
				for (Fault fault : Fault.values()) {
					for (Grant grant : Grant.values()) {
						for (Condition store : Condition.values()) {
							cells.add(new FaultCell(situation, once, fault, grant, store));
						}
					}
				}
			}
		}
		return cells;
	}

	/**
	 * Make a call in a world where this happens, one when it is over, and one hours
	 * later.
	 */
	Seen see() {
		try (FaultWorld world = new FaultWorld(this.fault, this.once, this.store, this.grant)) {
			this.situation.reach(world);
			int before = world.attemptsBeforeFault();
			String held = world.lastToken();
			Outcome call = world.call();
			world.pass(call.took().compareTo(FAULT) < 0 ? FAULT.minus(call.took()) : Duration.ZERO);
			int requests = world.attempts() - before;
			world.endFault();
			Outcome next = world.call();
			world.pass(FaultWorld.LIFETIME.multipliedBy(3));
			Outcome last = world.call();
			return new Seen(word(call, held), requests, next.failure(), last.failure(), world.invalidTokensSent(),
					world.issuer().reuses());
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException(this + " cannot be seen", ex);
		}
	}

	private static String word(Outcome outcome, String held) {
		String word = (outcome.failure() != null) ? outcome.failure() : held.equals(outcome.token()) ? "held" : "new";
		long seconds = outcome.took().plusMillis(500).toSeconds();
		return outcome.took().isZero() ? word : word + " after " + ((seconds > 0) ? seconds + " s" : "< 1 s");
	}

	/**
	 * What was seen.
	 *
	 * @param call what the call got
	 * @param requests how many requests there were
	 * @param next how the next call failed, which came as soon as all was well again, or
	 * {@code null} if it did not
	 * @param last how the last call failed, or {@code null} if it did not
	 * @param invalidTokensSent how often a token was sent that was not valid
	 * @param reuses how often a refresh token was redeemed again
	 */
	record Seen(String call, int requests, @Nullable String next, @Nullable String last, int invalidTokensSent,
			long reuses) {

		/**
		 * Return all of it in a few words.
		 */
		String text() {
			String text = this.call + ", " + this.requests;
			if (this.last != null) {
				return text + ", **lost**";
			}
			return (this.next != null) ? text + ", then " + this.next : text;
		}

	}

}
