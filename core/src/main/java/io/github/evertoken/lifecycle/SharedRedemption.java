package io.github.evertoken.lifecycle;

import java.util.Set;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * How an attempt goes whose turn it is among all replicas: it asks with what the record
 * holds, and commits what it gets before anything else may fail.
 */
final class SharedRedemption {

	private final ClientSettings settings;

	private final ManagerResources resources;

	private final SharedSteps steps;

	private final StoreSteps store;

	private final StoredTokens stored;

	private final IssuerCall issuer;

	private final SharedTokens claims;

	private final LeaseTime leaseTime;

	private final IssuerGate gate;

	SharedRedemption(ClientSettings settings, ManagerResources resources, SharedSteps steps, StoreSteps store,
			StoredTokens stored, IssuerCall issuer, SharedTokens claims, IssuerGate gate) {
		this.settings = settings;
		this.resources = resources;
		this.steps = steps;
		this.store = store;
		this.stored = stored;
		this.issuer = issuer;
		this.claims = claims;
		this.leaseTime = new LeaseTime(settings);
		this.gate = gate;
	}

	/**
	 * Begin, now that the lease is there.
	 * @param claims how many more claims the attempt may make
	 */
	Mono<Obtained> begin(Flight flight, OpenLease lease, int claims) {
		if (!flight.lifecycle().isUnderway(flight)) {
			return HeldElsewhere.of(flight, 0);
		}
		Unsaved unsaved = flight.known().conditions().unsaved();
		if (unsaved != null && unsaved.comesFirst(lease.version())) {
			return saved(flight, lease, unsaved, claims);
		}
		StoredTokenSet current = lease.current();
		long known = flight.known().version();
		TokenSet rests = (current != null && lease.version() > known) ? current.tokenSet() : null;
		if (current != null && lease.version() < known) {
			this.store.isBehind(flight.key(), lease.version(), known);
		}
		if (current != null && rests != null) {
			Obtained adopted = this.claims.adopted(flight, current);
			if (adopted != null) {
				lease.giveBack();
				return Mono.just(adopted);
			}
			flight.takeAlong(
					IssuerCall.withRefreshToken(rests, (known == 0) ? flight.refreshToken() : null).refreshToken());
			flight.learns(lease.version());
		}
		else if (current != null && current.tokenSet() == null && lease.version() > known
				&& flight.known().generation() > 0) {
			flight.takeAlong(null);
		}
		return this.gate.pass(flight, redeem(flight, lease, rests, claims)).onErrorResume(TooLate.class, (late) -> {
			lease.giveBack();
			return this.claims.claimAgain(flight, lease.request(), claims);
		});
	}

	/**
	 * What the store is still to be told of is told before it is redeemed.
	 */
	private Mono<Obtained> saved(Flight flight, OpenLease lease, Unsaved unsaved, int claims) {
		return new LateSave(flight.lifecycle(), unsaved).now()
			.onErrorMap(TokenStoreException.class, (ex) -> StoredTokens.trouble(flight, ex))
			.then(Mono.defer(() -> {
				lease.isOver();
				return this.claims.claimAgain(flight, lease.request(), claims);
			}));
	}

	private Mono<Obtained> redeem(Flight flight, OpenLease lease, @Nullable TokenSet rests, int claims) {
		String refreshToken = flight.refreshToken();
		Doubt doubt = doubt(flight, lease, refreshToken);
		if (doubt == Doubt.SETTLES) {
			return settling(flight, lease);
		}
		if (refreshToken != null && doubt == Doubt.FORBIDS) {
			return instead(flight, lease, refreshToken, usedUp(flight));
		}
		if (refreshToken == null) {
			lease.asks(null, this.leaseTime);
			return issued(flight, lease, this.issuer.redeem(flight, lease.refused()));
		}
		Mono<TokenSet> asked = Mono.defer(() -> {
			if (!lease.asks(refreshToken, this.leaseTime)) {
				return Mono.error(new TooLate());
			}
			return this.issuer.ask(flight, refreshToken);
		});
		return issued(flight, lease,
				(rests != null) ? asked.map(
						(tokens) -> IssuerCall.withSameEnd(tokens, rests.refreshToken(), rests.refreshTokenExpiresAt()))
						: asked)
			.onErrorResume(ReauthenticationRequiredException.class,
					(refused) -> afterRefusal(flight, lease, refreshToken, claims, refused));
	}

	/**
	 * What is made of a refresh token that another replica may have redeemed. One whose
	 * own answer was lost is asked once more (LC-3), and one that the store is still to
	 * be told of is none of those.
	 */
	enum Doubt {

		NONE, SETTLES, FORBIDS

	}

	Doubt doubt(Flight flight, OpenLease lease, @Nullable String refreshToken) {
		StoredTokenSet current = lease.current();
		TokenSet rests = (current != null) ? current.tokenSet() : null;
		boolean its = refreshToken != null && rests != null && refreshToken.equals(rests.refreshToken());
		boolean first = current == null && refreshToken != null;
		if (!lease.isAmbiguous() || !(its || first) || flight.lostAnswer().until() != Long.MIN_VALUE) {
			return Doubt.NONE;
		}
		if (!this.leaseTime.hasGrace()
				&& flight.ambiguous(lease.version(), this.resources.now()) < this.leaseTime.settle()) {
			return Doubt.SETTLES;
		}
		if (this.settings.afterCrash() == AfterCrash.SIGN_OUT) {
			return Doubt.FORBIDS;
		}
		flight.lifecycle()
			.client()
			.events(flight.key())
			.ambiguous(flight, new TransientTokenException(flight.key(),
					"another replica had its turn and has not said what came of it", null, null, null, true, null));
		return Doubt.NONE;
	}

	<T> Mono<T> settling(Flight flight, OpenLease lease) {
		return HeldElsewhere.settling(flight,
				this.leaseTime.settle() - flight.ambiguous(lease.version(), this.resources.now()));
	}

	static ReauthenticationRequiredException usedUp(Flight flight) {
		return new ReauthenticationRequiredException(flight.key(),
				"another replica may have used the refresh token up, and rotation.after-crash is sign-out", null, null,
				null);
	}

	/**
	 * Whoever was late may have committed a moment ago: then that is claimed. If nobody
	 * has, the refresh token is bad for all.
	 */
	private Mono<Obtained> afterRefusal(Flight flight, OpenLease lease, String refreshToken, int claims,
			ReauthenticationRequiredException refusal) {
		lease.isAnswered();
		return this.store.load(flight.key())
			.onErrorMap(TokenStoreException.class, (ex) -> StoredTokens.trouble(flight, ex))
			.map((now) -> now.version() > lease.version() && now.tokenSet() != null)
			.defaultIfEmpty(false)
			.flatMap((newer) -> newer ? this.claims.claimAgain(flight, lease.request(), claims)
					: instead(flight, lease, refreshToken, refusal));
	}

	/**
	 * Ask with what else there is: the configured refresh token, or the client's own
	 * grant.
	 */
	private Mono<Obtained> instead(Flight flight, OpenLease lease, String refreshToken,
			ReauthenticationRequiredException refusal) {
		Set<String> refused = lease.refused();
		refused.add(refreshToken);
		return lease.asks(this.issuer.configured(flight), this.leaseTime)
				? issued(flight, lease, this.issuer.redeemOther(flight, refused, refusal)) : Mono.error(new TooLate());
	}

	/**
	 * Commit what was issued, before any caller gets it if a refresh token is lost with
	 * it otherwise. What cannot be committed now serves from memory, and is committed
	 * later.
	 */
	private Mono<Obtained> issued(Flight flight, OpenLease lease, Mono<TokenSet> issued) {
		return issued.flatMap((tokens) -> {
			lease.isOver();
			long expected = Math.max(lease.version(), flight.known().version());
			Obtained unsaved = new Obtained(tokens, Math.max(expected, flight.known().generation()) + 1, true,
					new Unsaved(tokens, expected, lease.lease(), flight.redeemed()));
			boolean wanted = flight.lifecycle().isUnderway(flight) && tokens.refreshToken() != null;
			if (!wanted && !flight.lifecycle().client().isClosed()) {
				return Mono.just(unsaved);
			}
			flight.brings(this.resources.now(), StoredTokens.longestSave(this.settings));
			return whateverBecomesOf(this.steps.commit(flight.key(), lease.lease(), tokens))
				.flatMap((result) -> committed(flight, tokens, result))
				.onErrorReturn(TokenStoreException.class, unsaved);
		});
	}

	/**
	 * Begin now, and go on though nobody waits any more: whoever closes the manager does
	 * not lose what was redeemed, and leaves no lease behind.
	 */
	private static <T> Mono<T> whateverBecomesOf(Mono<T> commit) {
		Mono<T> begun = commit.cache();
		begun.subscribe(null, (ex) -> {
			// Whoever waits for it has the failure too.
		});
		return begun;
	}

	/**
	 * Whoever has written meanwhile has the last word: a login, the removal of all, or
	 * somebody who has redeemed the same refresh token and was faster.
	 */
	private Mono<Obtained> committed(Flight flight, TokenSet tokens, SaveResult result) {
		return this.stored.saved(flight, tokens, result, 0);
	}

	/**
	 * The lease is so old that another replica may have its turn before there is an
	 * answer.
	 */
	static final class TooLate extends RuntimeException {

		private static final long serialVersionUID = 1L;

		TooLate() {
			super("The lease is too old", null, false, false);
		}

	}

}
