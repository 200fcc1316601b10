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
 * @param unansweredUntil until when the key finds out by itself what has become of a
 * refresh token whose answer was lost, by the monotonic clock; {@link Long#MIN_VALUE} if
 * none was
 * @param session the life of the refresh token, {@code null} if its end is not known
 */
record Conditions(@Nullable Flight flight, @Nullable HeldToken suspect, Cooldown cooldown,
		@Nullable ReauthenticationRequiredException signedOut, Rejections rejections, @Nullable Unsaved unsaved,
		Set<Flight> disowned, @Nullable AccessToken rejected, long unansweredUntil, @Nullable Session session) {

	static final Conditions NONE = new Conditions(null, null, Cooldown.NONE, null, Rejections.NONE, null, Set.of(),
			null, Long.MIN_VALUE, null);

	Conditions withFlight(@Nullable Flight flight) {
		return new Conditions(flight, this.suspect, this.cooldown, this.signedOut, this.rejections, this.unsaved,
				this.disowned, this.rejected, this.unansweredUntil, this.session);
	}

	Conditions withSuspect(@Nullable HeldToken suspect) {
		return new Conditions(this.flight, suspect, this.cooldown, this.signedOut, this.rejections, this.unsaved,
				this.disowned, this.rejected, this.unansweredUntil, this.session);
	}

	Conditions withCooldown(Cooldown cooldown) {
		return new Conditions(this.flight, this.suspect, cooldown, this.signedOut, this.rejections, this.unsaved,
				this.disowned, this.rejected, this.unansweredUntil, this.session);
	}

	Conditions withRejections(Rejections rejections) {
		return new Conditions(this.flight, this.suspect, this.cooldown, this.signedOut, rejections, this.unsaved,
				this.disowned, this.rejected, this.unansweredUntil, this.session);
	}

	Conditions withRejected(AccessToken rejected) {
		return new Conditions(this.flight, this.suspect, this.cooldown, this.signedOut, this.rejections, this.unsaved,
				this.disowned, rejected, this.unansweredUntil, this.session);
	}

	/**
	 * What a flight knows that has ended without a token, or goes on.
	 */
	Conditions after(LostAnswer lostAnswer) {
		return new Conditions(this.flight, this.suspect, this.cooldown, this.signedOut, this.rejections, this.unsaved,
				this.disowned, this.rejected, lostAnswer.until(), this.session);
	}

	/**
	 * What has become of the refresh token is known.
	 */
	Conditions answered() {
		return new Conditions(this.flight, this.suspect, this.cooldown, this.signedOut, this.rejections, this.unsaved,
				this.disowned, this.rejected, Long.MIN_VALUE, this.session);
	}

	/**
	 * Whether an answer was lost a short while ago, so that the refresh token may be good
	 * for not much longer.
	 */
	boolean isUnanswered(Moment now) {
		return now.mono() < this.unansweredUntil;
	}

	Conditions withUnsaved(@Nullable Unsaved unsaved) {
		return new Conditions(this.flight, this.suspect, this.cooldown, this.signedOut, this.rejections, unsaved,
				this.disowned, this.rejected, this.unansweredUntil, this.session)
			.orNone();
	}

	/**
	 * The flight has ended, and the rest stays as it is.
	 */
	Conditions withoutFlight(@Nullable Unsaved unsaved) {
		return withFlight(null).withUnsaved(unsaved);
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
				Set.copyOf(all), this.rejected, this.unansweredUntil, this.session);
	}

	Conditions without(Flight disowned) {
		Set<Flight> others = new HashSet<>(this.disowned);
		others.remove(disowned);
		return new Conditions(this.flight, this.suspect, this.cooldown, this.signedOut, this.rejections, this.unsaved,
				Set.copyOf(others), this.rejected, this.unansweredUntil, this.session)
			.orNone();
	}

	/**
	 * A token set has come, by whichever way: what went wrong before is forgotten, and
	 * the rejections are not.
	 */
	Conditions renewed(@Nullable Unsaved unsaved) {
		return new Conditions(null, null, Cooldown.NONE, null, this.rejections, unsaved, this.disowned, null,
				Long.MIN_VALUE, null)
			.orNone();
	}

	/**
	 * The key begins anew: all is forgotten but what has to be revoked.
	 */
	Conditions begunAnew() {
		return new Conditions(null, null, Cooldown.NONE, null, Rejections.NONE, null, this.disowned, null,
				Long.MIN_VALUE, null)
			.orNone();
	}

	/**
	 * The last usable grant was refused.
	 */
	Conditions signedOut(ReauthenticationRequiredException reason) {
		return new Conditions(null, null, Cooldown.NONE, reason, this.rejections, this.unsaved, this.disowned,
				this.rejected, Long.MIN_VALUE, null);
	}

	/**
	 * The same, with another refresh token.
	 */
	Conditions withSession(@Nullable Session session) {
		return new Conditions(this.flight, this.suspect, this.cooldown, this.signedOut, this.rejections, this.unsaved,
				this.disowned, this.rejected, this.unansweredUntil, session)
			.orNone();
	}

	private Conditions orNone() {
		return equals(NONE) ? NONE : this;
	}

}
