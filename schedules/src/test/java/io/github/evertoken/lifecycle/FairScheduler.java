package io.github.evertoken.lifecycle;

import java.util.Collection;
import java.util.List;

import org.pastalab.fray.core.ThreadContext;
import org.pastalab.fray.core.randomness.Randomness;
import org.pastalab.fray.core.scheduler.Scheduler;

/**
 * Chooses like another scheduler, and lets the others go on for a while when a thread has
 * been chosen very often in a row: it spins, as threads do within the JDK's maps, until
 * one of the others has gone on.
 */
final class FairScheduler extends Scheduler {

	private static final int MOST_IN_A_ROW = 2000;

	private static final int REST = 200;

	private final Scheduler scheduler;

	private ThreadContext last;

	private int inARow;

	private int rest;

	FairScheduler(Scheduler scheduler) {
		super(scheduler.getRand());
		this.scheduler = scheduler;
	}

	@Override
	public ThreadContext scheduleNextOperation(List<ThreadContext> threads, Collection<ThreadContext> allThreads) {
		if (this.rest > 0 && threads.size() > 1 && threads.contains(this.last)) {
			this.rest--;
			List<ThreadContext> others = threads.stream().filter((thread) -> thread != this.last).toList();
			return this.scheduler.scheduleNextOperation(others, allThreads);
		}
		ThreadContext next = this.scheduler.scheduleNextOperation(threads, allThreads);
		this.inARow = (next == this.last) ? this.inARow + 1 : 0;
		this.last = next;
		if (this.inARow > MOST_IN_A_ROW) {
			this.inARow = 0;
			this.rest = REST;
		}
		return next;
	}

	@Override
	public Scheduler nextIteration(Randomness randomness) {
		return new FairScheduler(this.scheduler.nextIteration(randomness));
	}

}
