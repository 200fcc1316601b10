package io.github.evertoken.samples.fleet.show;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * All that the replicas have told, and all that was done to them.
 */
final class Chronicle {

	/**
	 * So many milliseconds after somebody has come back, what had begun before has ended.
	 */
	static final long AFTER = 5000;

	/**
	 * So many milliseconds after the machine was too busy, no replica waits any more for
	 * an answer that it has not had in time: as long as a lease.
	 */
	private static final long GIVEN_UP = Fleet.LEASE.toMillis();

	private final Timeline timeline;

	private final List<Told> lines = new CopyOnWriteArrayList<>();

	private final List<Absence> absences = new CopyOnWriteArrayList<>();

	/**
	 * When there may be no token to be had: Redis or the token endpoint was away.
	 */
	private final List<Absence> excuses = new CopyOnWriteArrayList<>();

	/**
	 * When the machine had too much else to do.
	 */
	private final List<Absence> busy = new CopyOnWriteArrayList<>();

	private final Map<String, Long> failureTold = new ConcurrentHashMap<>();

	private final AtomicLong calls = new AtomicLong();

	Chronicle(Timeline timeline) {
		this.timeline = timeline;
	}

	/**
	 * A replica has written a line. What is not one of its own, such as a warning of the
	 * JVM, is shown as it is.
	 */
	void tells(String replica, String line) {
		if (!line.matches("[a-z-]+ \\d{13}( .*)?")) {
			this.timeline.say(replica, "%s", line);
			return;
		}
		Told told = Told.of(replica, line);
		if (told.what().equals("calls")) {
			this.calls.addAndGet(Long.parseLong(told.detail(0)));
			return;
		}
		this.lines.add(told);
		switch (told.what()) {
			case "failed" -> tellOfFailure(replica, told);
			case "halts" -> this.timeline.say("  " + replica, "dies: %s", told.detail(0));
			case "event" -> tellOfEvent(replica, told);
			default -> {
			}
		}
	}

	/**
	 * Where one call fails others do, for the same reason.
	 */
	private void tellOfFailure(String replica, Told told) {
		Long last = this.failureTold.get(replica);
		if (last == null || told.at() - last > AFTER) {
			this.failureTold.put(replica, told.at());
			this.timeline.say("  " + replica, "a call for %s failed: %s", told.subject(),
					told.detail(1).replace('_', ' '));
		}
	}

	private void tellOfEvent(String replica, Told told) {
		if (!told.detail(0).equals("Renewed") && !told.detail(0).equals("Issued")) {
			this.timeline.say("  " + replica, "%s: %s", told.subject(), told.detail(0));
		}
	}

	Stream<Told> lines(String what) {
		return this.lines.stream().filter((told) -> told.what().equals(what));
	}

	Stream<Told> lines(String what, String subject) {
		return this.lines.stream().filter((told) -> told.is(what, subject));
	}

	/**
	 * Return how many calls have failed for want of a token.
	 */
	long failedSince(long start) {
		return lines("failed")
			.filter((told) -> told.detail(0).equals("token") && told.at() >= start && !wasBusy(told.at(), told.at()))
			.count();
	}

	/**
	 * Return how many calls have succeeded.
	 */
	long calls() {
		return this.calls.get();
	}

	/**
	 * A replica is gone from now on.
	 */
	Absence isGone(String replica) {
		Absence absence = new Absence(replica, System.currentTimeMillis());
		this.absences.add(absence);
		return absence;
	}

	/**
	 * Redis is gone from now on.
	 */
	Absence redisIsGone() {
		return isAway("redis");
	}

	/**
	 * The token endpoint is out of order from now on.
	 */
	Absence issuerIsGone() {
		return isAway("issuer");
	}

	private Absence isAway(String who) {
		Absence absence = new Absence(who, System.currentTimeMillis());
		this.excuses.add(absence);
		return absence;
	}

	/**
	 * The machine has had too much else to do since a time.
	 */
	void machineWasBusy(long since) {
		Absence absence = new Absence("machine", since);
		absence.isOver();
		this.busy.add(absence);
	}

	/**
	 * Tell whether the machine had too much else to do, at a time or shortly before.
	 */
	boolean wasBusy(long begin, long end) {
		return this.busy.stream().anyMatch((absence) -> absence.overlaps(begin - GIVEN_UP, end));
	}

	/**
	 * Return for how many milliseconds the machine had too much else to do.
	 */
	long busyTime() {
		return this.busy.stream().mapToLong(Absence::length).sum();
	}

	Stream<Absence> absences(String replica) {
		return this.absences.stream().filter((absence) -> absence.who().equals(replica));
	}

	/**
	 * Return when a replica could see what has happened at a time: then, or when it went
	 * on after a pause.
	 */
	long isBackAt(String replica, long time) {
		return absences(replica).filter((absence) -> absence.overlaps(time, time + AFTER))
			.mapToLong(Absence::until)
			.max()
			.orElse(time);
	}

	/**
	 * Tell whether Redis, the token endpoint, the machine or the replica itself was away
	 * a moment ago: the time of what waits goes on while a process is paused.
	 */
	boolean isOtherwiseExcused(Told failed) {
		long at = failed.at();
		return wasBusy(at, at) || Stream.concat(this.excuses.stream(), absences(failed.replica()))
			.anyMatch((absence) -> absence.overlaps(at - AFTER, at));
	}

}
