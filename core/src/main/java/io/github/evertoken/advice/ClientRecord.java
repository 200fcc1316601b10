package io.github.evertoken.advice;

import java.time.Duration;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenObserver.IssuerAnswer;
import io.github.evertoken.TokenObserver.Outcome;
import io.github.evertoken.TokenObserver.Rejection;
import io.github.evertoken.advice.ClientFacts.ResourceClock;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one client lately. It takes the same room whatever happens, and
 * however many keys there are.
 */
final class ClientRecord {

	// The lock of this object guards all fields; nobody is called under it. It is taken
	// when something has happened to a token, and never by a call that has one.

	private final AdvisedClient client;

	private final HourlyCounts counts;

	private final Troubles troubles = new Troubles();

	private @Nullable IssuerAnswer answer;

	private @Nullable Duration refreshTokenLifetime;

	private @Nullable ResourceClock resourceClock;

	private @Nullable String refusingOrigin;

	// When the token of the service's own key ends, and whether there is one.
	private long ownTokenEnd;

	private boolean ownToken;

	ClientRecord(AdvisedClient client, long nanos) {
		this.client = client;
		this.counts = new HourlyCounts(nanos);
	}

	String name() {
		return this.client.name();
	}

	synchronized ClientFacts facts(long nanos) {
		return new ClientFacts(this.client, this.answer, this.refreshTokenLifetime, this.resourceClock,
				this.refusingOrigin, this.counts.sums(nanos));
	}

	synchronized void count(Occurrence occurrence, long nanos) {
		this.counts.add(occurrence, nanos);
	}

	/**
	 * The issuer has answered a flight.
	 * @param own whether it is one of the service's own key
	 */
	synchronized void issued(Trigger trigger, boolean own, IssuerAnswer answer, long nanos) {
		this.counts.add(Occurrence.ISSUED, nanos);
		if (trigger == Trigger.RENEWAL_TIME) {
			this.counts.add(Occurrence.ISSUED_AT_RENEWAL_TIME, nanos);
		}
		else if (trigger == Trigger.REJECTION) {
			this.counts.add(Occurrence.ISSUED_AFTER_REJECTION, nanos);
		}
		if (isOutOfTurn(trigger, own, nanos)) {
			this.counts.add(Occurrence.ISSUED_OUT_OF_TURN, nanos);
		}
		this.answer = answer;
		Duration refresh = answer.refreshTokenLifetime();
		if (refresh != null) {
			this.refreshTokenLifetime = refresh;
		}
		if (own) {
			this.ownToken = true;
			this.ownTokenEnd = nanos + answer.lifetime().toNanos();
		}
	}

	/**
	 * Of a subject's key it is not kept when its last token ends: there may be very many.
	 */
	private boolean isOutOfTurn(Trigger trigger, boolean own, long nanos) {
		return switch (trigger) {
			case RENEWAL_TIME -> false;
			case REJECTION, EXPECTED_DURATION, ON_DEMAND -> true;
			case USE, START, EVICTION, APPLICATION -> own && this.ownToken && nanos - this.ownTokenEnd < 0;
		};
	}

	/**
	 * A flight has ended.
	 * @param own whether it is one of the service's own key: that a subject's is refused
	 * may be because of the subject
	 */
	synchronized void ended(Outcome outcome, boolean own, long nanos) {
		boolean failed = outcome == Outcome.TRANSIENT || (outcome == Outcome.REFUSED && own);
		if (failed && this.troubles.failed(nanos)) {
			this.counts.add(Occurrence.TROUBLE, nanos);
		}
		else if (outcome == Outcome.SUCCESS) {
			this.troubles.succeeded(nanos);
		}
	}

	/**
	 * A resource server has refused a token.
	 * @param occurrence what is to be counted, {@code null} if nothing
	 */
	synchronized void rejected(@Nullable Occurrence occurrence, Rejection rejection, long nanos) {
		String origin = rejection.origin();
		Duration ahead = rejection.serverAhead();
		if (origin != null && ahead != null) {
			this.resourceClock = new ResourceClock(origin, ahead);
		}
		if (occurrence != null) {
			this.counts.add(occurrence, nanos);
		}
		if (occurrence == Occurrence.REJECTION_PASSED) {
			this.refusingOrigin = origin;
		}
	}

}
