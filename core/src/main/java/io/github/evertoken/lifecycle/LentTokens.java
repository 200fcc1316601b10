package io.github.evertoken.lifecycle;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.lifecycle.Loan.Repayment;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * How an attempt goes that is made with a lent refresh token: the record of the key that
 * lends is read before (LC-10), and a rotated refresh token is saved there, beside the
 * access token that the key has, before anybody gets the other one (LC-9).
 */
final class LentTokens {

	private static final int MOST_READS = 3;

	private static final int MOST_CONFLICTS = 3;

	private final ClientSettings settings;

	private final ManagerResources resources;

	private final StoreSteps store;

	private final StoredTokens stored;

	private final IssuerCall issuer;

	private final @Nullable SharedLoans turns;

	LentTokens(ClientSettings settings, ManagerResources resources, StoreSteps store, StoredTokens stored,
			IssuerCall issuer, @Nullable SharedLoans turns) {
		this.settings = settings;
		this.resources = resources;
		this.store = store;
		this.stored = stored;
		this.issuer = issuer;
		this.turns = turns;
	}

	/**
	 * What the key that lends has in the store, which may be nothing.
	 */
	private record Reading(@Nullable StoredTokenSet stored) {

		long version() {
			return (this.stored != null) ? this.stored.version() : 0;
		}

		@Nullable TokenSet tokens() {
			return (this.stored != null) ? this.stored.tokenSet() : null;
		}

	}

	/**
	 * One attempt with its loan, and the refresh tokens that were refused in it.
	 */
	private record Redemption(Flight flight, Loan loan, Set<String> refused, @Nullable OpenLease lease) {

		boolean isNewer(Reading read) {
			return read.version() > this.loan.known().version();
		}

		/**
		 * Never the refresh tokens.
		 */
		@Override
		public String toString() {
			return "Redemption[" + this.flight.key() + "]";
		}

	}

	/**
	 * Make one attempt.
	 */
	Mono<Obtained> obtain(Flight flight, Loan loan) {
		SharedLoans turns = this.turns;
		Mono<Obtained> obtained = (turns != null)
				? turns.turn(flight, loan).flatMap((lease) -> obtained(flight, loan, lease))
				: obtained(flight, loan, null);
		return obtained
			.onErrorResume(TokenStoreException.class,
					(ex) -> granted(flight).onErrorMap(ReauthenticationRequiredException.class,
							(none) -> StoredTokens.trouble(flight, ex)))
			.map((result) -> result.with(loan));
	}

	private Mono<Obtained> obtained(Flight flight, Loan loan, @Nullable OpenLease lease) {
		Redemption redemption = new Redemption(flight, loan, new HashSet<>(), lease);
		if (lease == null || this.turns == null) {
			return obtained(redemption);
		}
		return this.turns.pass(flight, redeem(redemption, new Reading(lease.current()), MOST_READS))
			.doOnSuccess((obtained) -> lease.giveBack())
			.doOnError(lease::ends)
			.doOnCancel(lease::isCancelled);
	}

	private Mono<Obtained> obtained(Redemption redemption) {
		if (this.store.areNone()) {
			return redeem(redemption, new Reading(null), 0);
		}
		return read(redemption.loan()).flatMap((read) -> redeem(redemption, read, MOST_READS));
	}

	private Mono<Reading> read(Loan loan) {
		return this.store.load(loan.key()).map((stored) -> new Reading(stored)).defaultIfEmpty(new Reading(null));
	}

	private Mono<Obtained> redeem(Redemption redemption, Reading read, int reads) {
		Loan loan = redemption.loan();
		StoredTokenSet record = read.stored();
		if (record != null && redemption.isNewer(read)) {
			TokenSet rests = record.tokenSet();
			loan.takeAlong((rests != null) ? rests.refreshToken() : null);
			if (loan.refreshToken() == null) {
				loan.lifecycle().changedElsewhere(record);
			}
		}
		String refreshToken = loan.refreshToken();
		if (refreshToken == null) {
			return granted(redemption.flight());
		}
		return Mono.defer(() -> ask(redemption, refreshToken))
			.flatMap((tokens) -> issued(redemption, read, refreshToken, tokens))
			.onErrorResume(ReauthenticationRequiredException.class, (refusal) -> {
				redemption.refused().add(refreshToken);
				return afterRefusal(redemption, reads, refusal);
			});
	}

	private Mono<TokenSet> ask(Redemption redemption, String refreshToken) {
		OpenLease lease = redemption.lease();
		if (this.turns != null && lease != null && !this.turns.asks(lease, refreshToken)) {
			return HeldElsewhere.of(redemption.flight(), 0);
		}
		return redemption.loan().redeem(refreshToken, this.resources.now())
				? this.issuer.ask(redemption.flight(), refreshToken) : Lending.LoanNeeded.of(redemption.flight());
	}

	/**
	 * Somebody else may have redeemed it a moment ago: read once more, and go on with
	 * what is newer. If nothing is, the client's own grant is left, as for any key.
	 */
	private Mono<Obtained> afterRefusal(Redemption redemption, int reads, ReauthenticationRequiredException refusal) {
		Mono<Reading> again = (reads > 0) ? read(redemption.loan()) : Mono.just(new Reading(null));
		return again.flatMap((read) -> {
			TokenSet rests = read.tokens();
			boolean newer = redemption.isNewer(read) && rests != null && rests.refreshToken() != null
					&& !redemption.refused().contains(rests.refreshToken());
			if (newer && redemption.lease() != null) {
				return HeldElsewhere.of(redemption.flight(), 0);
			}
			return newer ? redeem(redemption, read, reads - 1) : instead(redemption, refusal);
		});
	}

	private Mono<Obtained> instead(Redemption redemption, ReauthenticationRequiredException refusal) {
		redemption.loan().takeAlong(null);
		return granted(redemption.flight())
			.doOnNext((obtained) -> redemption.loan().brings(new Repayment(null, 0, null, null, obtained.tokens())))
			.onErrorMap(ReauthenticationRequiredException.class, (next) -> (next.error() != null) ? next : refusal);
	}

	/**
	 * What the client's own grant brings belongs to the varied key, its refresh token
	 * included.
	 */
	private Mono<Obtained> granted(Flight flight) {
		Mono<TokenSet> granted = this.issuer.ask(flight, null);
		return this.store.areNone() ? granted.map((tokens) -> new Obtained(tokens, 0, true, null))
				: this.stored.issued(flight, flight.known().version(), granted);
	}

	private Mono<Obtained> issued(Redemption redemption, Reading read, String redeemed, TokenSet tokens) {
		Loan loan = redemption.loan();
		String refreshToken = Objects.requireNonNull(tokens.refreshToken());
		Obtained obtained = Obtained.restingNowhere(tokens.mutate().refreshToken(null).build());
		OpenLease lease = redemption.lease();
		boolean rotated = !redeemed.equals(refreshToken) || (lease != null && lease.isAmbiguous());
		if (this.store.areNone() || !rotated) {
			if (rotated || redemption.isNewer(read)) {
				loan.brings(new Repayment(refreshToken, read.version(), null, adopted(redemption, read), tokens));
			}
			return Mono.just(obtained);
		}
		long expected = Math.max(read.version(), loan.known().version());
		TokenSet next = next(redemption, read, tokens);
		Repayment unsaved = new Repayment(refreshToken, Math.max(expected, loan.known().generation()) + 1,
				new Unsaved(next, expected, (lease != null) ? lease.lease() : null, redeemed),
				adopted(redemption, read), tokens);
		loan.brings(unsaved);
		if (lease != null) {
			lease.isOver();
		}
		if (!loan.lifecycle().isUnderway(loan)) {
			return Mono.just(obtained);
		}
		redemption.flight().brings(this.resources.now(), StoredTokens.longestSave(this.settings));
		return save(redemption, unsaved, MOST_CONFLICTS).onErrorComplete(TokenStoreException.class)
			.thenReturn(obtained);
	}

	/**
	 * Return the set that the key that lends has from now on: what the store has, unless
	 * it is still to be told of a newer one, with the other refresh token.
	 */
	private static TokenSet next(Redemption redemption, Reading read, TokenSet tokens) {
		KeyState known = redemption.loan().known();
		Unsaved unsaved = known.conditions().unsaved();
		TokenSet last = (read.version() >= known.version()) ? read.tokens() : null;
		if (unsaved != null && !redemption.isNewer(read)) {
			last = unsaved.tokens();
		}
		return (last != null) ? with(tokens, last)
				: TokenSet.withRefreshToken(Objects.requireNonNull(tokens.refreshToken()))
					.refreshTokenExpiresAt(tokens.refreshTokenExpiresAt())
					.build();
	}

	/**
	 * Return a set of the key that lends with the refresh token that was issued.
	 */
	private static TokenSet with(TokenSet issued, TokenSet last) {
		return last.mutate()
			.refreshToken(issued.refreshToken())
			.refreshTokenExpiresAt(issued.refreshTokenExpiresAt())
			.build();
	}

	/**
	 * Return the access token that the store has for the key that lends, {@code null} if
	 * it is none that the key could use and does not know.
	 */
	private @Nullable HeldToken adopted(Redemption redemption, Reading read) {
		TokenSet rests = read.tokens();
		Loan loan = redemption.loan();
		if (rests == null || !redemption.isNewer(read) || !this.stored.isUsable(rests)
				|| this.stored.wasRejected(loan, rests)) {
			return null;
		}
		return loan.lifecycle().client().schedule().hold(rests, read.version(), this.resources.now());
	}

	/**
	 * Save the set of the key that lends. Whoever has written meanwhile has the last
	 * word, unless it is the same refresh token that was written.
	 */
	private Mono<Void> save(Redemption redemption, Repayment repayment, int conflicts) {
		Loan loan = redemption.loan();
		Unsaved unsaved = Objects.requireNonNull(repayment.unsaved());
		loan.brings(repayment);
		return LateSave.step(this.store, loan.key(), unsaved)
			.flatMap((result) -> saved(redemption, result, repayment, conflicts));
	}

	private Mono<Void> saved(Redemption redemption, SaveResult result, Repayment repayment, int conflicts) {
		Loan loan = redemption.loan();
		StoredTokenSet current = result.current();
		if (current == null) {
			loan.brings(repayment.with(result.version(), null));
			return Mono.empty();
		}
		TokenSet newer = current.tokenSet();
		String redeemed = loan.redeemed();
		if (conflicts > 0 && newer != null && redeemed != null && redeemed.equals(newer.refreshToken())) {
			TokenSet next = with(repayment.tokens(), newer);
			return save(redemption,
					repayment.with(result.version() + 1, new Unsaved(next, result.version(), null, redeemed)),
					conflicts - 1);
		}
		loan.brings(null);
		if (newer == null && loan.isDisowned()) {
			new Commands(loan.lifecycle()).revokeLate(repayment.tokens());
		}
		loan.lifecycle().changedElsewhere(current);
		return Mono.error(new TransientTokenException(redemption.flight().key(),
				"another token set was put in for the subject, or it was removed, while it was being obtained", null));
	}

}
