package io.github.evertoken.lifecycle;

import java.util.HashSet;
import java.util.Set;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import org.jspecify.annotations.Nullable;

/**
 * What is true of a key beside its tokens. Nearly every key shares {@link #NONE}.
 *
 * @param flight the running call to the issuer, {@code null} if none
 * @param suspect the rejected token that is kept until its replacement has come: the one
 * that is held if it serves again, and otherwise one that is not held
 * @param cooldown the time in which no flight may start
 * @param signedOut why somebody must log in again, {@code null} if nobody must
 * @param rejections what rejected tokens have cost lately
 * @param unsaved what the store is still to be told, {@code null} if nothing
 * @param disowned flights whose token sets are to be revoked when they come
 * @param rejected a token that was rejected before this key knew any: the store may know
 * it still
 */
record Conditions(@Nullable Flight flight, @Nullable HeldToken suspect, Cooldown cooldown,
		@Nullable ReauthenticationRequiredException signedOut, Rejections rejections, @Nullable Unsaved unsaved,
		Set<Flight> disowned, @Nullable AccessToken rejected) {

	static final Conditions NONE = new Conditions(null, null, Cooldown.NONE, null, Rejections.NONE, null, Set.of(),
			null);

	Conditions withFlight(@Nullable Flight flight) {
		return new Conditions(flight, this.suspect, this.cooldown, this.signedOut, this.rejections, this.unsaved,
				this.disowned, this.rejected);
	}

	Conditions withSuspect(@Nullable HeldToken suspect) {
		return new Conditions(this.flight, suspect, this.cooldown, this.signedOut, this.rejections, this.unsaved,
				this.disowned, this.rejected);
	}

	Conditions withCooldown(Cooldown cooldown) {
		return new Conditions(this.flight, this.suspect, cooldown, this.signedOut, this.rejections, this.unsaved,
				this.disowned, this.rejected);
	}

	Conditions withRejections(Rejections rejections) {
		return new Conditions(this.flight, this.suspect, this.cooldown, this.signedOut, rejections, this.unsaved,
				this.disowned, this.rejected);
	}

	Conditions withRejected(AccessToken rejected) {
		return new Conditions(this.flight, this.suspect, this.cooldown, this.signedOut, this.rejections, this.unsaved,
				this.disowned, rejected);
	}

	Conditions withUnsaved(@Nullable Unsaved unsaved) {
		return new Conditions(this.flight, this.suspect, this.cooldown, this.signedOut, this.rejections, unsaved,
				this.disowned, this.rejected)
			.orNone();
	}

	/**
	 * The flight in the air is revoked with the rest: what it brings is to be revoked
	 * when it comes.
	 */
	Conditions disowning() {
		if (this.flight == null) {
			return this;
		}
		Set<Flight> all = new HashSet<>(this.disowned);
		all.add(this.flight);
		return new Conditions(this.flight, this.suspect, this.cooldown, this.signedOut, this.rejections, this.unsaved,
				Set.copyOf(all), this.rejected);
	}

	Conditions without(Flight disowned) {
		Set<Flight> others = new HashSet<>(this.disowned);
		others.remove(disowned);
		return new Conditions(this.flight, this.suspect, this.cooldown, this.signedOut, this.rejections, this.unsaved,
				Set.copyOf(others), this.rejected)
			.orNone();
	}

	/**
	 * A token set has come, by whichever way: what went wrong before is forgotten, and
	 * the rejections are not.
	 */
	Conditions renewed(@Nullable Unsaved unsaved) {
		return new Conditions(null, null, Cooldown.NONE, null, this.rejections, unsaved, this.disowned, null).orNone();
	}

	/**
	 * The key begins anew: all is forgotten but what has to be revoked.
	 */
	Conditions begunAnew() {
		return new Conditions(null, null, Cooldown.NONE, null, Rejections.NONE, null, this.disowned, null).orNone();
	}

	/**
	 * The last usable grant was refused.
	 */
	Conditions signedOut(ReauthenticationRequiredException reason) {
		return new Conditions(null, null, Cooldown.NONE, reason, this.rejections, this.unsaved, this.disowned,
				this.rejected);
	}

	private Conditions orNone() {
		return equals(NONE) ? NONE : this;
	}

}
