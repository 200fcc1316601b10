package io.github.evertoken.lifecycle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.github.evertoken.TransientTokenException;

/**
 * Where the flights of one client queue for their turn. The number of calls to the issuer
 * is bounded below what its connections can bear, and the clock of a flight starts when
 * its turn has come: a queue costs time, and fails nobody (LC-4).
 */
final class Runway {

	// The lock of this object guards both fields; nobody is called under it but the
	// condition of the issuer, which has a lock of its own and calls nobody under that.

	private final Deque<Attempt> queue = new ArrayDeque<>();

	private int running;

	private final int length;

	private final IssuerCondition condition;

	private final Surroundings surroundings;

	Runway(int length, IssuerCondition condition, Surroundings surroundings) {
		this.length = length;
		this.condition = condition;
		this.surroundings = surroundings;
		condition.leadsTo(this);
	}

	/**
	 * Queue for a turn. A flight that was in the air before comes first. One that is
	 * asked for within another one of the same client does not queue: the other would
	 * wait for it, and hold its place meanwhile.
	 */
	void enter(Attempt attempt) {
		if (attempt.flight().isNested()) {
			attempt.launch(false);
			return;
		}
		synchronized (this) {
			if (attempt.flight().attempts() > 0) {
				this.queue.addFirst(attempt);
			}
			else {
				this.queue.addLast(attempt);
			}
		}
		go();
	}

	/**
	 * Let go whoever may.
	 */
	void go() {
		boolean probe = false;
		for (;;) {
			Attempt next;
			synchronized (this) {
				this.queue.removeIf(Attempt::isEnded);
				if (this.queue.isEmpty() || this.running >= Math.min(this.length, this.condition.rampLength())) {
					return;
				}
				boolean wanted = this.queue.element().flight().isWanted();
				IssuerCondition.Admission admission = this.condition.admit(wanted, this.surroundings.now());
				if (admission == IssuerCondition.Admission.LATER) {
					return;
				}
				probe = admission == IssuerCondition.Admission.PROBE;
				next = this.queue.remove();
				this.running++;
			}
			next.launch(probe);
		}
	}

	/**
	 * An attempt that was launched has ended.
	 */
	void leave(Attempt attempt) {
		if (!attempt.flight().isNested()) {
			synchronized (this) {
				this.running--;
			}
		}
		if (attempt.isProbe()) {
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
