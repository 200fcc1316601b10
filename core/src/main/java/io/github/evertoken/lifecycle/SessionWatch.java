package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Looks after the sessions of one client whose end is known: tells of it before it comes,
 * and renews them before that if unused tokens are to be kept alive.
 */
final class SessionWatch {

	// There may be very many keys, of which each has an end: none has a timer of its own.
	// One timer for all of them rings at the earliest time, and looks at every key. It
	// never rings more often than a tenth of the shortest warning, at least a second and
	// at most a minute. A client none of whose sessions has a known end has no timer.

	/**
	 * The wall clock may be corrected, so that it is looked at now and then.
	 */
	private static final long LONGEST = Duration.ofHours(1).toMillis();

	private static final long SHORTEST_PAUSE = 1000;

	private static final long LONGEST_PAUSE = Duration.ofMinutes(1).toMillis();

	private final ManagedClient client;

	// When the timer rings next, by the monotonic clock.
	private final AtomicLong ringsAt = new AtomicLong(Session.NEVER);

	private final Disposable.Swap timer = Disposables.swap();

	SessionWatch(ManagedClient client) {
		this.client = client;
	}

	/**
	 * A key has a session whose end is known.
	 */
	void watch(Session session) {
		Moment now = this.client.resources().now();
		ringBy(session.dueAt(this.client.settings(), now), 0, now);
	}

	private void ringBy(long wall, long atLeast, Moment now) {
		if (wall == Session.NEVER || this.client.isClosed()) {
			return;
		}
		long pause = Math.max(atLeast, Math.min(LONGEST, Math.max(0, wall - now.wall())));
		long time = now.after(pause);
		long set = this.ringsAt.get();
		while (time < set) {
			if (this.ringsAt.compareAndSet(set, time)) {
				this.timer.update(this.client.resources().timer().after(pause, this::ring));
				return;
			}
			set = this.ringsAt.get();
		}
	}

	/**
	 * A session that comes while all are looked at sets the timer again, or is seen here.
	 */
	private void ring() {
		this.ringsAt.set(Session.NEVER);
		if (this.client.isClosed()) {
			return;
		}
		ClientSettings settings = this.client.settings();
		Moment now = this.client.resources().now();
		long next = Session.NEVER;
		long shortest = Session.NEVER;
		for (TokenLifecycle lifecycle : this.client.all()) {
			Session session = lifecycle.state().session();
			if (session != null) {
				look(lifecycle, session, now);
				session = lifecycle.state().session();
			}
			if (session != null && session.dueAt(settings, now) != Session.NEVER) {
				next = Math.min(next, session.dueAt(settings, now));
				shortest = Math.min(shortest, session.warning(settings));
			}
		}
		ringBy(next, Math.max(SHORTEST_PAUSE, Math.min(LONGEST_PAUSE, shortest / 10)), now);
	}

	/**
	 * What a flight brings may have a later end: while there is one, nothing is told. One
	 * that starts here has begun to be tried long before the warning, and if it has not
	 * succeeded by then, it is no reason to say nothing.
	 */
	private void look(TokenLifecycle lifecycle, Session session, Moment now) {
		ClientSettings settings = this.client.settings();
		if (now.wall() >= session.warnsAt(settings) && now.wall() < session.endsAt()
				&& lifecycle.state().flight(now) == null) {
			lifecycle.happens(new CallerEvents.SessionEnds(session));
		}
		if (now.wall() >= session.renewsAt(settings) && now.wall() < session.endsAt()) {
			lifecycle.apply((state, moment) -> new CallerEvents.RenewalTime(true,
					this.client.condition().isResting(moment), lifecycle::prepare));
		}
	}

	void close() {
		this.timer.dispose();
	}

}
