package io.github.evertoken.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.github.evertoken.faults.FaultWorld.Grant;
import io.github.evertoken.faults.FaultWorld.Outcome;
import io.github.evertoken.faults.FaultyStore.Condition;
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

	private static final Set<Fault> HANGING = EnumSet.of(Fault.HANGS, Fault.HANGS_AFTER_REDEEMING, Fault.HANGS_IN_BODY,
			Fault.LENGTH_TOO_LARGE);

	static List<FaultCell> all() {
		List<FaultCell> cells = new ArrayList<>();
		for (Situation situation : Situation.values()) {
			for (boolean once : situation.tellsOnce() ? List.of(true, false) : List.of(false)) {
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
	 * Tell whether the server asks to be left alone for longer than the fault lasts.
	 */
	boolean asksToBeLeftAlone() {
		return this.fault == Fault.BUSY_FOR_60_S || this.fault == Fault.UNAVAILABLE_FOR_60_S;
	}

	/**
	 * Tell whether nobody's patience helps: a certificate that is not trusted is a matter
	 * of configuration.
	 */
	boolean isOfConfiguration() {
		return this.fault == Fault.TLS_UNTRUSTED;
	}

	/**
	 * Tell whether a refresh token may be on its way when the fault has ended, so that no
	 * other attempt is made.
	 */
	boolean mayStillBeOnItsWay() {
		return this.grant != Grant.OWN && HANGING.contains(this.fault);
	}

	/**
	 * Tell whether the session cannot be saved: a refresh token is redeemed, its
	 * successor is lost, and the server has no grace, or none that lasts as long as the
	 * fault.
	 */
	boolean mustEndSession() {
		boolean tooLong = this.situation == Situation.EXPIRED_MEANWHILE && !this.once;
		return this.fault.losesAnswer() && (this.grant == Grant.ROTATING || tooLong);
	}

	/**
	 * Make a call in a world where this happens, one when it is over, and one much later.
	 */
	Seen see() {
		try (FaultWorld world = new FaultWorld(this.fault, this.once, this.store, this.grant)) {
			this.situation.reach(world);
			int before = world.requestsBeforeFault();
			String held = world.lastToken();
			Outcome call = world.call();
			world.pass(call.took().compareTo(FAULT) < 0 ? FAULT.minus(call.took()) : Duration.ZERO);
			int requests = world.requests() - before;
			world.endFault();
			Outcome next = world.call();
			world.pass(FaultWorld.LIFETIME.multipliedBy(3));
			Outcome last = world.call();
			return new Seen(word(call, held), requests, next.failure(), last.failure(), world.expiredTokensSent(),
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
	 * @param expiredTokensSent how often an expired token was sent
	 * @param reuses how often a refresh token was redeemed again
	 */
	record Seen(String call, int requests, @Nullable String next, @Nullable String last, int expiredTokensSent,
			long reuses) {

		/**
		 * Tell whether the call was answered.
		 */
		boolean isAnswered() {
			return this.call.startsWith("held") || this.call.startsWith("new");
		}

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
