package io.github.evertoken.lifecycle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;

/**
 * Where the flights of one client queue for their turn. The number of calls to the issuer
 * is bounded below what its connections can bear, and the clock of a flight starts when
 * its turn has come: a queue costs time, and fails nobody (LC-4).
 */
final class Runway {

	// The lock of this object guards all fields; nobody is called under it but the
	// condition of the issuer, which has a lock of its own and calls nobody under that.

	/**
	 * What an attempt counts for that has no place.
	 */
	static final int UNCOUNTED = -1;

	private final Deque<Attempt> queue = new ArrayDeque<>();

	private int running;

	// Those that were launched since the issuer has recovered last: what hangs from
	// before is no measure of how it does now.
	private int recent;

	private int epoch;

	private final int length;

	private final IssuerCondition condition;

	private final ManagerResources resources;

	Runway(int length, IssuerCondition condition, ManagerResources resources) {
		this.length = length;
		this.condition = condition;
		this.resources = resources;
		condition.leadsTo(this);
	}

	/**
	 * What the condition of the issuer says of whose turn it is.
	 */
	enum Admission {

		/** Go. */
		NOW,
		/** Go, alone, and find out. */
		PROBE,
		/** Wait for whoever finds out. */
		LATER

	}

	/**
	 * Queue for a turn. A flight that was in the air before comes first. One that is
	 * asked for within another one of the same client does not queue: the other would
	 * wait for it, and hold its place meanwhile.
	 */
	void enter(Attempt attempt) {
		attempt.flight().queues();
		synchronized (this) {
			if (attempt.flight().attempts() > 0) {
				this.queue.addFirst(attempt);
			}
			else {
				this.queue.addLast(attempt);
			}
		}
		if (attempt.flight().isNested()) {
			hasten(attempt.flight());
		}
		go();
	}

	/**
	 * Launch the attempt of a flight at once, if it is in the queue.
	 */
	void hasten(NestedCall flight) {
		Attempt[] found = new Attempt[1];
		synchronized (this) {
			this.queue.removeIf((attempt) -> {
				boolean its = attempt.flight() == flight;
				found[0] = its ? attempt : found[0];
				return its;
			});
		}
		if (found[0] != null) {
			found[0].launch(false);
		}
	}

	/**
	 * Let go whoever may.
	 */
	void go() {
		for (;;) {
			Attempt next;
			boolean probe;
			synchronized (this) {
				next = next();
				if (next == null) {
					return;
				}
				Admission admission = this.condition.admit(next.flight().isWanted(), this.resources.now());
				if (admission == Admission.LATER) {
					return;
				}
				probe = admission == Admission.PROBE;
				this.queue.remove(next);
				this.running++;
				this.recent++;
				next.countsFor(this.epoch);
			}
			next.launch(probe);
		}
	}

	/**
	 * Return whose turn it is. While there is trouble, it is that of somebody who is
	 * waited for: the pause of the others is longer.
	 */
	private @Nullable Attempt next() {
		if (this.queue.isEmpty() || this.running >= this.length) {
			return null;
		}
		if (this.condition.isTroubled()) {
			return this.queue.stream()
				.filter((attempt) -> attempt.flight().isWanted())
				.findFirst()
				.orElseGet(this.queue::element);
		}
		if (this.epoch != this.condition.epoch()) {
			this.epoch = this.condition.epoch();
			this.recent = 0;
		}
		return (this.recent < this.condition.rampLength()) ? this.queue.element() : null;
	}

	/**
	 * An attempt that was launched has ended.
	 */
	void leave(Attempt attempt) {
		synchronized (this) {
			if (attempt.epoch() != UNCOUNTED) {
				this.running--;
				this.recent -= (attempt.epoch() == this.epoch) ? 1 : 0;
				attempt.countsFor(UNCOUNTED);
			}
		}
		if (attempt.endsProbe()) {
			this.condition.probeEnded();
		}
		go();
	}

	/**
	 * Fail all who queue: the issuer has been in trouble for longer than they are to
	 * wait.
	 */
	void clear(TransientTokenException failure) {
		List<Attempt> cleared = new ArrayList<>();
		synchronized (this) {
			cleared.addAll(this.queue);
			this.queue.clear();
		}
		for (Attempt attempt : cleared) {
			if (attempt.giveUp()) {
				new Outcomes(attempt.flight().lifecycle()).turnedAway(attempt.flight(), failure);
			}
		}
	}

}
