package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * How a flight goes when token sets rest in a store: what rests there is looked at before
 * a refresh token is redeemed, and again when one was refused, for somebody else may have
 * redeemed it meanwhile (LC-10); and what the flight brings is saved before any caller
 * gets it, if a refresh token is lost with it otherwise.
 */
final class StoredTokens {

	// A store that cannot be read is not an empty one (LC-8). Which of the two kinds a
	// key is, only its issuer knows: it is asked without a refresh token, and if it has a
	// grant of its own, the store is not needed. If it has none, the failure of the store
	// is the flight's.

	/**
	 * A store that takes longer than this costs a client with its own grant no more.
	 */
	static final Duration HEDGE = Duration.ofMillis(200);

	private static final int MOST_READS = 3;

	private static final int MOST_CONFLICTS = 3;

	private final ClientSettings settings;

	private final ManagerResources resources;

	private final StoreSteps store;

	private final IssuerCall issuer;

	StoredTokens(ClientSettings settings, ManagerResources resources, StoreSteps store, IssuerCall issuer) {
		this.settings = settings;
		this.resources = resources;
		this.store = store;
		this.issuer = issuer;
	}

	boolean areNone() {
		return this.store.areNone();
	}

	/**
	 * Make one attempt.
	 */
	Mono<Obtained> obtain(Flight flight) {
		KeyState known = flight.known();
		if (known.generation() > 0 && flight.refreshToken() == null) {
			return issued(flight, known.version(), this.issuer.ask(flight, null));
		}
		Mono<StoredTokenSet> reading = this.store.load(flight.key()).cache();
		return reading.timeout(this.resources.timer().signal(HEDGE.toMillis()), Mono.error(Slow::new))
			.map((stored) -> new Reading(stored))
			.defaultIfEmpty(new Reading(null))
			.flatMap((read) -> goOn(flight, read.stored(), new HashSet<>(), MOST_READS))
			.onErrorResume((ex) -> ex instanceof TokenStoreException || ex instanceof Slow,
					(ex) -> without(flight, reading));
	}

	/**
	 * Go on without the store if the client has a grant of its own, and else as soon as
	 * the store has answered.
	 */
	private Mono<Obtained> without(Flight flight, Mono<StoredTokenSet> reading) {
		return issued(flight, flight.known().version(), this.issuer.ask(flight, null)).onErrorResume(
				ReauthenticationRequiredException.class,
				(none) -> reading.map((stored) -> new Reading(stored))
					.defaultIfEmpty(new Reading(null))
					.flatMap((read) -> goOn(flight, read.stored(), new HashSet<>(), MOST_READS))
					.onErrorMap(TokenStoreException.class, (ex) -> trouble(flight, ex)));
	}

	/**
	 * Take what rests, or redeem it, or what the key knows itself.
	 */
	private Mono<Obtained> goOn(Flight flight, @Nullable StoredTokenSet stored, Set<String> tried, int reads) {
		long version = (stored != null) ? stored.version() : 0;
		long known = flight.known().version();
		TokenSet rests = (stored != null && version > known) ? stored.tokenSet() : null;
		if (stored != null && version < known) {
			this.store.isBehind(flight.key(), version, known);
		}
		if (rests != null) {
			TokenSet tokens = IssuerCall.withRefreshToken(rests, (known == 0) ? flight.refreshToken() : null);
			if (isUsable(tokens) && !wasRejected(flight, tokens)) {
				return Mono.just(new Obtained(tokens, version, false, null));
			}
			flight.takeAlong(tokens.refreshToken());
			flight.learns(version);
		}
		else if (stored != null && stored.tokenSet() == null && version > known && flight.known().generation() > 0) {
			flight.takeAlong(null);
		}
		long expected = Math.max(version, known);
		String refreshToken = flight.refreshToken();
		if (refreshToken == null || reads == 0) {
			return issued(flight, expected, this.issuer.redeem(flight, tried));
		}
		Mono<TokenSet> asked = this.issuer.ask(flight, refreshToken)
			.map((tokens) -> (rests != null)
					? IssuerCall.withSameEnd(tokens, rests.refreshToken(), rests.refreshTokenExpiresAt()) : tokens);
		return issued(flight, expected, asked).onErrorResume(ReauthenticationRequiredException.class,
				(refused) -> afterRefusal(flight, refreshToken, expected, tried, reads, refused));
	}

	/**
	 * Somebody else may have redeemed it a moment ago: read once more, and go on with
	 * what is newer than what was refused.
	 */
	private Mono<Obtained> afterRefusal(Flight flight, String refused, long expected, Set<String> tried, int reads,
			ReauthenticationRequiredException refusal) {
		tried.add(refused);
		Mono<Obtained> otherwise = Mono
			.defer(() -> issued(flight, expected, this.issuer.redeemOther(flight, tried, refusal)));
		return this.store.load(flight.key())
			.filter((stored) -> stored.version() > expected && stored.tokenSet() != null
					&& !refused.equals(stored.tokenSet().refreshToken()))
			.map((stored) -> new Reading(stored))
			.defaultIfEmpty(new Reading(null))
			.onErrorResume(TokenStoreException.class, (ex) -> Mono.error(trouble(flight, ex)))
			.flatMap((read) -> (read.stored() != null) ? goOn(flight, read.stored(), tried, reads - 1) : otherwise);
	}

	boolean wasRejected(Flight flight, TokenSet tokens) {
		KeyState known = flight.known();
		AccessToken suspect = known.conditions().suspect();
		AccessToken rejected = (suspect != null) ? suspect : known.conditions().rejected();
		return rejected != null && rejected.value().equals(tokens.accessToken());
	}

	boolean isUsable(TokenSet tokens) {
		if (tokens.accessToken() == null || tokens.obtainedAt() == null
				|| !new ForeignTokens(this.settings).canBeSent(tokens)) {
			return false;
		}
		Moment now = this.resources.now();
		return new RenewalSchedule(this.settings, () -> 0).hold(tokens, 1, now).isUsable(now);
	}

	/**
	 * Save what was issued. A set that takes a rotated refresh token with it waits for
	 * the store, as long as a step of it may take; any other is saved behind the backs of
	 * the callers. What cannot be saved now serves from memory, and is saved later.
	 */
	Mono<Obtained> issued(Flight flight, long expected, Mono<TokenSet> issued) {
		return issued.flatMap((tokens) -> {
			long guess = Math.max(expected, flight.known().generation()) + 1;
			Obtained unsaved = new Obtained(tokens, guess, true,
					new Unsaved(tokens, expected, null, flight.redeemed()));
			if (!flight.lifecycle().isUnderway(flight) || tokens.refreshToken() == null) {
				return Mono.just(unsaved);
			}
			flight.brings(this.resources.now(), longestSave(this.settings));
			return save(flight, expected, tokens, MOST_CONFLICTS).onErrorReturn(TokenStoreException.class, unsaved);
		});
	}

	private Mono<Obtained> save(Flight flight, long expected, TokenSet tokens, int conflicts) {
		return this.store.save(flight.key(), expected, tokens)
			.flatMap((result) -> saved(flight, tokens, result, conflicts));
	}

	/**
	 * Return how long it may take to save what a flight has brought, in milliseconds.
	 */
	static long longestSave(ClientSettings settings) {
		return 2 * (MOST_CONFLICTS + 1) * settings.storeTimeout().toMillis();
	}

	/**
	 * Whoever has written meanwhile has the last word: a login, another process, or the
	 * removal of all. But a record with the refresh token that was just redeemed is none
	 * of these: whoever has redeemed it has the only good set.
	 */
	Mono<Obtained> saved(Flight flight, TokenSet tokens, SaveResult result, int conflicts) {
		StoredTokenSet current = result.current();
		if (current == null) {
			return Mono.just(new Obtained(tokens, result.version(), true, null));
		}
		TokenSet newer = current.tokenSet();
		if (newer == null && flight.isDisowned()) {
			new Commands(flight.lifecycle()).revokeLate(tokens);
		}
		String redeemed = flight.redeemed();
		if (conflicts > 0 && newer != null && redeemed != null && redeemed.equals(newer.refreshToken())
				&& !redeemed.equals(tokens.refreshToken())) {
			return save(flight, result.version(), tokens, conflicts - 1);
		}
		if (newer != null && isUsable(newer)) {
			return Mono.just(new Obtained(newer, result.version(), true, null));
		}
		flight.lifecycle().changedElsewhere(current);
		return Mono.error(new TransientTokenException(flight.key(),
				"another token set was put in, or it was removed, while it was being obtained", null));
	}

	/**
	 * The store has failed a key that lives on it: trouble that is none of the issuer's.
	 */
	static TransientTokenException trouble(Flight flight, TokenStoreException cause) {
		String why = IssuerCall.ofStore(cause);
		return new TransientTokenException(flight.key(), "the token store cannot be read"
				+ (why.isEmpty() ? "" : " (it failed" + why + ")") + ", and the client has no grant of its own", cause);
	}

	/**
	 * What a reading has found, which may be nothing.
	 */
	private record Reading(@Nullable StoredTokenSet stored) {
	}

	/**
	 * The store has not answered within the hedge.
	 */
	static final class Slow extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Slow() {
			super("The token store is slow", null, false, false);
		}

	}

}
