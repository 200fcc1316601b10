package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * How a flight goes when many replicas share the store: it claims the record of its key,
 * and asks the issuer only if it is its turn. If it is another replica's, the flight
 * waits for what that one commits.
 */
final class SharedTokens {

	// A store that is away is not one that somebody else holds (LC-8). A client with a
	// grant of its own goes on without it; a claim that is answered too late for that is
	// given back. The others keep their token to its end.

	/**
	 * A pause that is over so soon is waited for.
	 */
	private static final long SHORT_PAUSE = 100;

	private static final int MOST_CLAIMS = 4;

	private final ClientSettings settings;

	private final ManagerResources resources;

	private final SharedSteps steps;

	private final StoredTokens stored;

	private final IssuerCall issuer;

	private final SharedRedemption redemption;

	SharedTokens(ClientSettings settings, ManagerResources resources, SharedSteps steps, StoreSteps store,
			StoredTokens stored, IssuerCall issuer, IssuerGate gate) {
		this.settings = settings;
		this.resources = resources;
		this.steps = steps;
		this.stored = stored;
		this.issuer = issuer;
		this.redemption = new SharedRedemption(settings, resources, steps, store, stored, issuer, this, gate);
	}

	/**
	 * Return what is done with a lease.
	 */
	SharedRedemption redemption() {
		return this.redemption;
	}

	/**
	 * Make one attempt.
	 */
	Mono<Obtained> obtain(Flight flight) {
		flight.looksAgain();
		return claim(flight, request(flight), MOST_CLAIMS);
	}

	/**
	 * Ask on behalf of a flight. Whoever has lost an answer asks once more, whatever it
	 * has let the others know.
	 */
	private ClaimRequest request(Flight flight) {
		KeyState known = flight.known();
		ClaimRequest request = request(known, rejected(known));
		request = renews(flight) ? request.renewing() : request;
		return (flight.lostAnswer().until() != Long.MIN_VALUE) ? request.insisting() : request;
	}

	/**
	 * Tell whether a flight has nothing against the token set that it is to replace.
	 */
	private static boolean renews(Flight flight) {
		return flight.trigger() != Trigger.REJECTION && flight.trigger() != Trigger.ON_DEMAND;
	}

	ClaimRequest request(KeyState known, long rejected) {
		return ClaimRequest.create()
			.withKnownVersion(known.version())
			.withRejectedVersion(rejected)
			.withReplica(this.resources.replica())
			.withLongestLease(new LeaseTime(this.settings).most());
	}

	private static long rejected(KeyState known) {
		HeldToken suspect = known.conditions().suspect();
		return (suspect != null && known.conditions().unsaved() == null) ? suspect.generation() : 0;
	}

	/**
	 * Claim once more, with what was learnt.
	 */
	Mono<Obtained> claimAgain(Flight flight, ClaimRequest request, int claims) {
		ClaimRequest again = request(flight.known(), request.rejectedVersion())
			.withKnownVersion(request.knownVersion());
		again = request.insists() ? again.insisting() : again;
		return (claims > 0) ? claim(flight, renews(flight) ? again.renewing() : again, claims - 1)
				: Mono.error(() -> new TransientTokenException(flight.key(),
						"the token store has answered otherwise again and again", null));
	}

	private Mono<Obtained> claim(Flight flight, ClaimRequest request, int claims) {
		return Mono.defer(() -> {
			Moment claimedAt = this.resources.now();
			Mono<Claim> claiming = this.steps.claim(flight.key(), request)
				.doOnError((ex) -> flight.settlesAnew())
				.cache();
			AtomicBoolean taken = new AtomicBoolean();
			Mono<Obtained> obtained = claiming.map(Optional::of)
				.timeout(this.resources.timer().signal(StoredTokens.HEDGE.toMillis()), Mono.just(Optional.empty()))
				.onErrorReturn(TokenStoreException.class, Optional.empty())
				.flatMap((claim) -> claim
					.map((answer) -> answered(flight, answer, new Asked(request, claimedAt, claims), taken))
					.orElseGet(() -> without(flight, claiming, new Asked(request, claimedAt, claims), taken)));
			return obtained.doFinally((signal) -> leave(claiming, taken));
		});
	}

	/**
	 * A claim that nobody has waited for until its end is given back.
	 */
	private void leave(Mono<Claim> claiming, AtomicBoolean taken) {
		if (!taken.get()) {
			claiming.subscribe((claim) -> {
				if (claim instanceof Claim.Won won && !taken.getAndSet(true)) {
					this.steps.giveBack(won.lease());
				}
			}, (ex) -> {
				// It was given back already.
			});
		}
	}

	/**
	 * Go on without the store if the client has a grant of its own, and else as soon as
	 * the store has answered.
	 */
	private Mono<Obtained> without(Flight flight, Mono<Claim> claiming, Asked asked, AtomicBoolean taken) {
		return this.stored.issued(flight, flight.known().version(), this.issuer.ask(flight, null))
			.onErrorResume(ReauthenticationRequiredException.class,
					(none) -> claiming.onErrorMap(TokenStoreException.class, (ex) -> StoredTokens.trouble(flight, ex))
						.flatMap((claim) -> answered(flight, claim, asked, taken)));
	}

	private Mono<Obtained> answered(Flight flight, Claim claim, Asked asked, AtomicBoolean taken) {
		taken.set(true);
		LeaseSightings sightings = flight.lifecycle().client().leases();
		if (claim instanceof Claim.Busy busy) {
			sightings.seen(flight.key(), busy, this.resources.now());
			flight.settlesAnew();
			return HeldElsewhere.of(flight, ClientSettings.millis(busy.remaining()));
		}
		sightings.ended(flight.key());
		if (claim instanceof Claim.Fresh fresh) {
			return fresh(flight, fresh.current(), asked);
		}
		if (claim instanceof Claim.Paused paused) {
			return paused(flight, paused, asked);
		}
		Claim.Won won = (Claim.Won) claim;
		OpenLease lease = new OpenLease(flight.lifecycle(), this.steps, won, asked.claimedAt());
		return Mono.defer(() -> this.redemption.begin(flight, lease, asked.claims()))
			.doOnError(lease::ends)
			.doOnCancel(lease::isCancelled);
	}

	/**
	 * Take what another replica has obtained. What does not do is to be replaced.
	 */
	private Mono<Obtained> fresh(Flight flight, StoredTokenSet current, Asked asked) {
		Obtained obtained = adopted(flight, current);
		if (obtained != null) {
			return Mono.just(obtained);
		}
		TokenSet tokens = current.tokenSet();
		boolean rejected = tokens != null && this.stored.wasRejected(flight, tokens);
		ClaimRequest request = asked.request().withKnownVersion(current.version());
		return claimAgain(flight, rejected ? request.withRejectedVersion(current.version()) : request, asked.claims());
	}

	/**
	 * Return what the record brings, {@code null} if its token is of no use.
	 */
	@Nullable Obtained adopted(Flight flight, StoredTokenSet current) {
		TokenSet rests = current.tokenSet();
		KeyState known = flight.known();
		if (rests == null || current.version() <= known.version()) {
			return null;
		}
		TokenSet tokens = IssuerCall.withRefreshToken(rests, (known.version() == 0) ? flight.refreshToken() : null);
		return (this.stored.isUsable(tokens) && !this.stored.wasRejected(flight, tokens))
				? new Obtained(tokens, current.version(), false, null) : null;
	}

	/**
	 * Another replica has found that it is of no use to ask now.
	 */
	private Mono<Obtained> paused(Flight flight, Claim.Paused paused, Asked asked) {
		SharedFailure failure = paused.failure();
		long remaining = ClientSettings.millis(paused.remaining());
		if (failure.kind() != SharedFailure.Kind.REAUTHENTICATION) {
			if (concernsNobody(paused, flight, asked.request())) {
				return claimAgain(flight, asked.request().insisting(), asked.claims());
			}
			return (remaining <= SHORT_PAUSE && asked.claims() > 0)
					? this.resources.timer()
						.signal(remaining + 1)
						.then(claimAgain(flight, asked.request(), asked.claims()))
					: Mono.error(() -> failure(flight, paused, this.resources));
		}
		String configured = this.issuer.configured(flight);
		if (configured != null && !Fingerprints.contain(failure.tried(), configured)) {
			flight.takeAlong(configured);
			return claimAgain(flight, asked.request().insisting(), asked.claims());
		}
		return Mono.error(() -> failure(flight, paused, this.resources));
	}

	/**
	 * Tell whether a pause does not keep a flight from asking: the one after failures of
	 * the issuer that nobody has waited for is no caller's business (LC-2).
	 */
	static boolean concernsNobody(Claim.Paused paused, Flight flight, ClaimRequest request) {
		SharedFailure failure = paused.failure();
		return failure.kind() == SharedFailure.Kind.TRANSIENT && !failure.awaited() && flight.isWanted()
				&& !request.insists();
	}

	/**
	 * Return what another replica has found. All that hear of it look again at the end of
	 * the same pause, so each of them waits for up to half of it more.
	 */
	static TokenException failure(Flight flight, Claim.Paused paused, ManagerResources resources) {
		SharedFailure failure = paused.failure();
		long rest = ClientSettings.millis(paused.remaining());
		Duration remaining = Duration.ofMillis(rest + (long) (resources.random().getAsDouble() * rest / 2));
		String reason = "another replica has found: " + failure.reason();
		return switch (failure.kind()) {
			case TRANSIENT -> new TransientTokenException(flight.key(), reason, failure.error(), null, remaining, null);
			case REFUSED -> new TokenRefusedException(flight.key(), reason, failure.error(), null, null);
			case REAUTHENTICATION ->
				new ReauthenticationRequiredException(flight.key(), reason, failure.error(), null, null);
		};
	}

	/**
	 * A claim that was sent.
	 *
	 * @param request what was asked
	 * @param claimedAt when
	 * @param claims how many more the attempt may make
	 */
	private record Asked(ClaimRequest request, Moment claimedAt, int claims) {
	}

}
