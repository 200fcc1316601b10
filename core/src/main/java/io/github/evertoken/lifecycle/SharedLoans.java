package io.github.evertoken.lifecycle;

import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.StoredTokenSet;
import reactor.core.publisher.Mono;

/**
 * How an attempt that is made with a lent refresh token has its turn among all replicas:
 * what is claimed is the record of the key that lends.
 */
final class SharedLoans {

	private static final int MOST_CLAIMS = 4;

	private final ManagerResources resources;

	private final SharedSteps steps;

	private final SharedTokens tokens;

	private final LeaseTime leaseTime;

	private final IssuerGate gate;

	SharedLoans(ClientSettings settings, ManagerResources resources, SharedSteps steps, SharedTokens tokens,
			IssuerGate gate) {
		this.resources = resources;
		this.steps = steps;
		this.tokens = tokens;
		this.leaseTime = new LeaseTime(settings);
		this.gate = gate;
	}

	/**
	 * Return the lease, as soon as there is one. That there is a newer token set is of no
	 * use to the borrower: it is the refresh token that is needed.
	 */
	Mono<OpenLease> turn(Flight flight, Loan loan) {
		return turn(flight, loan, this.tokens.request(loan.known(), 0), MOST_CLAIMS);
	}

	private Mono<OpenLease> turn(Flight flight, Loan loan, ClaimRequest request, int claims) {
		return Mono.defer(() -> {
			Moment claimedAt = this.resources.now();
			return this.steps.claim(loan.key(), request).doOnError((ex) -> flight.settlesAnew()).flatMap((claim) -> {
				if (claim instanceof Claim.Won won) {
					Unsaved unsaved = loan.known().conditions().unsaved();
					if (claims > 0 && unsaved != null && unsaved.comesFirst(won.lease().version())) {
						return new LateSave(loan.lifecycle(), unsaved).now()
							.then(turn(flight, loan, this.tokens.request(loan.known(), 0), claims - 1));
					}
					return settled(flight, new OpenLease(loan.lifecycle(), this.steps, won, claimedAt));
				}
				if (claim instanceof Claim.Busy busy) {
					flight.settlesAnew();
					return HeldElsewhere.of(flight, ClientSettings.millis(busy.remaining()));
				}
				if (claim instanceof Claim.Paused paused) {
					return (claims > 0 && SharedTokens.concernsNobody(paused, flight, request))
							? turn(flight, loan, request.insisting(), claims - 1)
							: Mono.error(() -> SharedTokens.failure(flight, paused, this.resources));
				}
				StoredTokenSet current = ((Claim.Fresh) claim).current();
				return (claims > 0)
						? turn(flight, loan, this.tokens.request(loan.known(), 0).withKnownVersion(current.version()),
								claims - 1)
						: Mono.error(() -> new TransientTokenException(flight.key(),
								"the token store has answered otherwise again and again", null));
			});
		});
	}

	private Mono<OpenLease> settled(Flight flight, OpenLease lease) {
		StoredTokenSet current = lease.current();
		String refreshToken = (current != null && current.tokenSet() != null) ? current.tokenSet().refreshToken()
				: null;
		SharedRedemption.Doubt doubt = this.tokens.redemption().doubt(flight, lease, refreshToken);
		if (doubt == SharedRedemption.Doubt.NONE) {
			return Mono.just(lease);
		}
		lease.giveBack();
		return (doubt == SharedRedemption.Doubt.SETTLES) ? this.tokens.redemption().settling(flight, lease)
				: Mono.error(() -> SharedRedemption.usedUp(flight));
	}

	/**
	 * Ask the issuer, if it is this replica's turn to find out whether it works.
	 */
	<T> Mono<T> pass(Flight flight, Mono<T> asking) {
		return this.gate.pass(flight, asking);
	}

	/**
	 * Tell whether a refresh token may still be sent with a lease.
	 */
	boolean asks(OpenLease lease, String refreshToken) {
		return lease.asks(refreshToken, this.leaseTime);
	}

}
