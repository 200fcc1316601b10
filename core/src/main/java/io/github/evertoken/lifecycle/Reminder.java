package io.github.evertoken.lifecycle;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Reminds a key of its renewal though nobody calls: its timer, and the leases that make
 * the timer ring earlier. When it rings, the key's state says whether there is anything
 * to do.
 */
final class Reminder {

	/**
	 * After so many milliseconds it is looked again whether the issuer works.
	 */
	private static final long PROBE = 1000;

	private final TokenLifecycle lifecycle;

	private final ClientSettings settings;

	private final ManagerResources resources;

	private final ManagedClient client;

	private final LeaseHorizon leases = new LeaseHorizon();

	private final AtomicReference<Disposable> timer = new AtomicReference<>(Disposables.disposed());

	Reminder(TokenLifecycle lifecycle, ManagedClient client) {
		this.lifecycle = lifecycle;
		this.settings = client.settings();
		this.resources = client.resources();
		this.client = client;
	}

	LeaseHorizon leases() {
		return this.leases;
	}

	/**
	 * Set the timer for the state as it is now. If the state changes meanwhile, whoever
	 * changed it sets the timer too, but may have done so before us: look again.
	 */
	void set() {
		set(1);
	}

	private void set(long atLeast) {
		KeyState current;
		do {
			current = this.lifecycle.state();
			this.timer.getAndSet(timerFor(current, atLeast)).dispose();
		}
		while (this.lifecycle.state() != current);
	}

	private Disposable timerFor(KeyState current, long atLeast) {
		long pause = pause(current, this.lifecycle.now());
		if (pause == Long.MAX_VALUE) {
			return Disposables.disposed();
		}
		try {
			return this.resources.scheduler().schedule(this::ring, Math.max(atLeast, pause), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			return Disposables.disposed();
		}
	}

	/**
	 * Return in how many milliseconds the key is to be looked after, though nobody calls:
	 * {@code Long.MAX_VALUE} for never. A subject's key is looked after while it is
	 * leased, and for a while after an answer was lost: its renewal starts with its use.
	 */
	private long pause(KeyState current, Moment now) {
		if (current.closed() || current.flight() != null || current.signedOut() != null) {
			return Long.MAX_VALUE;
		}
		boolean unanswered = current.conditions().isUnanswered(now);
		if (this.lifecycle.key().subject() != null && !unanswered && !this.leases.areOpen(now)) {
			return Long.MAX_VALUE;
		}
		long cooling = cooling(current, now);
		boolean insists = unanswered || (this.settings.keepAlive()
				&& (current.cooldown().failure() != null || this.client.condition().isTroubled()));
		HeldToken held = current.held();
		if (held == null) {
			return insists ? cooling : Long.MAX_VALUE;
		}
		long due = unanswered ? 0 : Math.min(held.untilRenewal(now), this.leases.untilRenewal(held, now));
		long pause = Math.max(due, cooling);
		return (insists || pause < held.remaining(now).toMillis()) ? pause : Long.MAX_VALUE;
	}

	/**
	 * Return for how many milliseconds nothing is asked in the background. When another
	 * key has found out whether the issuer works, nobody says.
	 */
	private long cooling(KeyState current, Moment now) {
		long rest = Math.max(current.cooldown().end(), this.client.condition().restsUntil());
		return (rest > now.mono()) ? rest - now.mono() : this.client.condition().isResting(now) ? PROBE : 0;
	}

	private void ring() {
		KeyState current = this.lifecycle.state();
		Moment now = this.lifecycle.now();
		long pause = pause(current, now);
		if (pause == Long.MAX_VALUE) {
			// It may have been evicted while it was finding out about a lost answer.
			this.client.keys().settled(this.lifecycle, null);
		}
		else if (pause > 0) {
			set();
		}
		else if (isWanted(current, now)) {
			this.lifecycle.renewIfNeeded();
			lookAgain(current);
		}
	}

	/**
	 * Another key may have begun to find out whether the issuer works, and may have ended
	 * since: no flight has started here, and nobody else says when one may.
	 */
	private void lookAgain(KeyState before) {
		if (this.lifecycle.state() == before && before.flight() == null) {
			set(PROBE);
		}
	}

	private boolean isWanted(KeyState current, Moment now) {
		return this.settings.keepAlive() || this.leases.areOpen(now) || current.conditions().isUnanswered(now)
				|| (current.held() != null && current.held().wasUsed());
	}

}
