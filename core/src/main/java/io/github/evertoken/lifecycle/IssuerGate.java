package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.SharedFailure;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Which replica finds out whether an issuer in trouble works again. Within one replica,
 * {@link IssuerCondition} lets one attempt at a time go, whichever key it is for; among
 * many, whoever may go takes its turn on a record that stands for the issuer: a fleet has
 * one probe, and not one for each replica or each key (FL-7).
 */
final class IssuerGate {

	// Nobody comes here while the issuer is well. The record has a lease and a pause, and
	// never a token set. Nothing that fails here keeps anybody from asking: a fleet that
	// cannot agree asks more often, and that is all.
	//
	// When the issuer is back, replicas are not to take turns: if there is another holder
	// than a moment ago, and no pause, the last one was answered.

	/**
	 * The subject of the record that stands for the issuer of a client.
	 */
	static final String SUBJECT = "urn:evertoken:issuer";

	/**
	 * So many milliseconds later it is looked again, at the latest, what another replica
	 * has found out.
	 */
	private static final long LONGEST_PAUSE = 500;

	private final SharedSteps steps;

	private final ManagerResources resources;

	private final TokenKey key;

	private final Duration longest;

	private volatile @Nullable String holder;

	IssuerGate(ClientSettings settings, ManagerResources resources, SharedSteps steps) {
		this.steps = steps;
		this.resources = resources;
		this.key = TokenKey.of(settings.name(), SUBJECT);
		this.longest = settings.responseTimeout().plus(settings.storeTimeout()).plus(settings.storeTimeout());
	}

	/**
	 * Ask the issuer, if it is well, or if it is this replica's turn to find out.
	 * @param flight on whose behalf
	 * @param asking what asks it
	 * @return a {@code Mono} that fails as if the issuer had been asked if another
	 * replica has asked it in vain a moment ago
	 */
	<T> Mono<T> pass(Flight flight, Mono<T> asking) {
		return Mono.defer(() -> {
			ClaimRequest request = ClaimRequest.create()
				.withReplica(this.resources.replica())
				.withLongestLease(this.longest);
			return flight.lifecycle().client().condition().isTroubled() ? claim(flight, asking, request) : asking;
		});
	}

	private <T> Mono<T> claim(Flight flight, Mono<T> asking, ClaimRequest request) {
		return this.steps.claim(this.key, request)
			.doOnCancel(() -> this.steps.giveBack(Lease.unanswered(this.key, request)))
			.map(Optional::of)
			.onErrorReturn(TokenStoreException.class, Optional.empty())
			.flatMap((claim) -> claim.map((answer) -> answered(flight, asking, request, answer)).orElse(asking));
	}

	private <T> Mono<T> answered(Flight flight, Mono<T> asking, ClaimRequest request, Claim claim) {
		if (claim instanceof Claim.Busy busy) {
			return isAnother(busy.replica()) ? asking : Mono.error(() -> heldElsewhere(flight, busy));
		}
		this.holder = null;
		if (claim instanceof Claim.Paused paused) {
			return SharedTokens.concernsNobody(paused, flight, request) ? claim(flight, asking, request.insisting())
					: Mono.error(() -> SharedTokens.failure(flight, paused, this.resources));
		}
		return (claim instanceof Claim.Won won) ? probe(flight, asking, won.lease()) : asking;
	}

	/**
	 * Tell whether the issuer was asked by somebody else before, who has not failed. What
	 * this replica itself has on its way keeps nobody here: one may wait for the other.
	 */
	private boolean isAnother(@Nullable String replica) {
		String before = this.holder;
		this.holder = replica;
		return replica != null
				&& (replica.equals(this.resources.replica()) || (before != null && !before.equals(replica)));
	}

	/**
	 * Whatever key it is, this replica looks again a moment later, with one attempt.
	 */
	private TokenException heldElsewhere(Flight flight, Claim.Busy busy) {
		long pause = (long) ((0.5 + this.resources.random().getAsDouble() / 2) * LONGEST_PAUSE);
		return new TransientTokenException(flight.key(),
				"the issuer was in trouble, and another replica finds out whether it is still", null, null,
				Duration.ofMillis(Math.min(pause, ClientSettings.millis(busy.remaining()) + 1)), null);
	}

	private <T> Mono<T> probe(Flight flight, Mono<T> asking, Lease lease) {
		AtomicBoolean over = new AtomicBoolean();
		return asking.doOnSuccess((answer) -> end(over, () -> isWell(lease)))
			.doOnError((failure) -> end(over, () -> failed(flight, lease, failure)))
			.doOnCancel(() -> end(over, () -> this.steps.giveBack(lease)));
	}

	private static void end(AtomicBoolean over, Runnable end) {
		if (!over.getAndSet(true)) {
			end.run();
		}
	}

	/**
	 * A pause of nothing ends any.
	 */
	private void isWell(Lease lease) {
		this.steps.abandon(lease,
				SharedFailure.of(SharedFailure.Kind.TRANSIENT, "the issuer has answered", null, Duration.ZERO));
	}

	private void failed(Flight flight, Lease lease, Throwable failure) {
		TokenException known = flight.lifecycle().client().call().asTokenException(flight.key(), failure);
		boolean unasked = failure instanceof SharedRedemption.TooLate || HeldElsewhere.in(known) != null
				|| Lending.LoanNeeded.is(known);
		if (unasked) {
			this.steps.giveBack(lease);
		}
		else if (known instanceof TransientTokenException && !(known.getCause() instanceof TokenStoreException)) {
			IssuerCondition condition = flight.lifecycle().client().condition();
			this.resources.timer()
				.after(OpenLease.DECIDED,
						() -> this.steps.abandon(lease, ToldFailure.ofIssuer(condition, known, this.resources.now())));
		}
		else {
			isWell(lease);
		}
	}

}
