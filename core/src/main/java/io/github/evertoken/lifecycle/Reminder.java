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

	private final TokenLifecycle lifecycle;

	private final ClientSettings settings;

	private final ManagerResources resources;

	private final ManagedClient client;

	private final Leases leases = new Leases();

	private final AtomicReference<Disposable> timer = new AtomicReference<>(Disposables.disposed());

	Reminder(TokenLifecycle lifecycle, ManagedClient client) {
		this.lifecycle = lifecycle;
		this.settings = client.settings();
		this.resources = client.resources();
		this.client = client;
	}

	Leases leases() {
		return this.leases;
	}

	/**
	 * Set the timer for the state as it is now. If the state changes meanwhile, whoever
	 * changed it sets the timer too, but may have done so before us: look again.
	 */
	void set() {
		KeyState current;
		do {
			current = this.lifecycle.state();
			this.timer.getAndSet(timerFor(current)).dispose();
		}
		while (this.lifecycle.state() != current);
	}

	private Disposable timerFor(KeyState current) {
		long pause = pause(current, this.lifecycle.now());
		if (pause == Long.MAX_VALUE) {
			return Disposables.disposed();
		}
		try {
			return this.resources.scheduler().schedule(this::ring, Math.max(1, pause), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			return Disposables.disposed();
		}
	}

	/**
	 * Return in how many milliseconds the key is to be looked after, though nobody calls:
	 * {@code Long.MAX_VALUE} for never. A subject's key is looked after while it is
	 * leased only: its renewal starts with its use.
	 */
	private long pause(KeyState current, Moment now) {
		if (current.closed() || current.flight() != null || current.signedOut() != null) {
			return Long.MAX_VALUE;
		}
		if (this.lifecycle.key().subject() != null && !this.leases.areOpen(now)) {
			return Long.MAX_VALUE;
		}
		long rest = Math.max(current.cooldown().end(), this.client.condition().restsUntil());
		long cooling = (rest > now.mono()) ? rest - now.mono() : 0;
		boolean insists = this.settings.keepAlive()
				&& (current.cooldown().failure() != null || this.client.condition().isTroubled());
		HeldToken held = current.held();
		if (held == null) {
			return insists ? cooling : Long.MAX_VALUE;
		}
		long due = Math.min(held.untilRenewal(now), this.leases.untilRenewal(held, now));
		long pause = Math.max(due, cooling);
		return (insists || pause < held.remaining(now).toMillis()) ? pause : Long.MAX_VALUE;
	}

	private void ring() {
		KeyState current = this.lifecycle.state();
		Moment now = this.lifecycle.now();
		long pause = pause(current, now);
		if (pause == Long.MAX_VALUE) {
			return;
		}
		if (pause > 0) {
			set();
		}
		else if (isWanted(current, now)) {
			this.lifecycle.renewIfNeeded();
		}
	}

	private boolean isWanted(KeyState current, Moment now) {
		return this.settings.keepAlive() || this.leases.areOpen(now)
				|| (current.held() != null && current.held().wasUsed());
	}

}
