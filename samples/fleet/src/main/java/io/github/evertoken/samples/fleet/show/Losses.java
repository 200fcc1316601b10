package io.github.evertoken.samples.fleet.show;

import java.time.Duration;
import java.util.List;

import io.github.evertoken.samples.fleet.issuer.Reuse;
import io.github.evertoken.samples.fleet.issuer.Rotation;

/**
 * The sessions that the authorization server has revoked, and how that came.
 */
final class Losses {

	private static final Duration TIME_TO_TELL = Duration.ofSeconds(20);

	private final Fleet fleet;

	private final Chronicle chronicle;

	Losses(Fleet fleet) {
		this.fleet = fleet;
		this.chronicle = fleet.chronicle();
	}

	List<Reuse> all() {
		return this.fleet.issuer().reuses();
	}

	/**
	 * Return those that nobody has to put up with: whoever had redeemed the refresh token
	 * was not killed or paused before it had committed, be it by a machine that had too
	 * much else to do.
	 */
	List<Reuse> beyondTheWindow() {
		return all().stream().filter((reuse) -> !isInTheWindow(reuse)).toList();
	}

	private boolean isInTheWindow(Reuse reuse) {
		Rotation rotation = reuse.rotation();
		long end = this.chronicle.lines("committed", rotation.subject())
			.filter((told) -> told.replica().equals(rotation.replica()) && told.detail(0).equals(rotation.next()))
			.mapToLong(Told::at)
			.findFirst()
			.orElse(Long.MAX_VALUE);
		long from = rotation.at().toEpochMilli();
		long until = Math.min(end, reuse.at().toEpochMilli());
		return this.chronicle.absences(rotation.replica()).anyMatch((absence) -> absence.overlaps(from, until))
				|| this.chronicle.wasBusy(from, until);
	}

	/**
	 * Give whoever has learnt of a loss the time to tell of it. Whom a login overtakes
	 * has nothing to tell any more.
	 */
	void awaitToldOf(String subject) {
		Signals.isSoWithin(TIME_TO_TELL,
				() -> untold().stream().noneMatch((reuse) -> reuse.rotation().subject().equals(subject)));
	}

	/**
	 * Return those of which no event has told, though whoever has learnt of it was there
	 * until somebody logged in again.
	 */
	List<Reuse> untold() {
		return all().stream()
			.filter((reuse) -> !isTold(reuse, "ReauthenticationRequired"))
			.filter((reuse) -> this.chronicle.absences(reuse.replica())
				.noneMatch((absence) -> absence.overlaps(reuse.at().toEpochMilli(), againAt(reuse))))
			.toList();
	}

	/**
	 * Return when somebody has logged in again, the end of time if nobody has.
	 */
	private long againAt(Reuse reuse) {
		return this.fleet.logins()
			.stream()
			.filter((login) -> login.session().subject().equals(reuse.rotation().subject())
					&& login.at() >= reuse.at().toEpochMilli())
			.mapToLong(Fleet.Login::at)
			.findFirst()
			.orElse(Absence.FOR_EVER);
	}

	private boolean isTold(Reuse reuse, String event) {
		long from = reuse.rotation().at().toEpochMilli();
		return this.chronicle.lines("event", reuse.rotation().subject())
			.anyMatch((told) -> told.at() >= from && told.detail(0).equals(event));
	}

	/**
	 * Tell whether somebody could have no token at a time: the session was lost, or what
	 * gives tokens was away.
	 */
	boolean isExcused(Told failed) {
		return this.chronicle.isOtherwiseExcused(failed) || all().stream().anyMatch((reuse) -> isLost(reuse, failed));
	}

	/**
	 * Tell whether the session was lost, and a login was not known yet: whoever was
	 * paused meanwhile has heard of it when it goes on.
	 */
	private boolean isLost(Reuse reuse, Told failed) {
		Rotation rotation = reuse.rotation();
		long login = againAt(reuse);
		long again = (login != Absence.FOR_EVER) ? this.chronicle.isBackAt(failed.replica(), login) : login;
		return failed.subject().equals(rotation.subject()) && failed.at() >= rotation.at().toEpochMilli()
				&& failed.at() - Chronicle.AFTER <= again;
	}

}
