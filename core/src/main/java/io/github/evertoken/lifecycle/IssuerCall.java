package io.github.evertoken.lifecycle;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenRevocationException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.http.ForeignFailure;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.Retry.RetrySignal;

/**
 * What is asked of the issuer. One is enough for all keys of a client.
 */
final class IssuerCall {

	private static final int MOST_RETRIES = 2;

	private final ClientSettings settings;

	private final TokenIssuer issuer;

	private final ManagerResources resources;

	private final StoredTokens stored;

	private final @Nullable SharedTokens shared;

	private final FaultLog faults = new FaultLog();

	private final IssuerClock clock = new IssuerClock();

	private final LentTokens lent;

	IssuerCall(ClientSettings settings, ManagerResources resources, StoreSteps store) {
		this.settings = settings;
		this.issuer = resources.aroundIssuers().apply(settings.issuer());
		this.resources = resources;
		this.stored = new StoredTokens(settings, resources, store, this);
		SharedSteps steps = store.shared();
		SharedLoans turns = null;
		if (steps != null) {
			IssuerGate gate = new IssuerGate(settings, resources, steps);
			this.shared = new SharedTokens(settings, resources, steps, store, this.stored, this, gate);
			turns = new SharedLoans(settings, resources, steps, this.shared, gate);
		}
		else {
			this.shared = null;
		}
		this.lent = new LentTokens(settings, resources, store, this.stored, this, turns);
	}

	/**
	 * Return how the issuer's clock stands to ours.
	 */
	IssuerClock clock() {
		return this.clock;
	}

	/**
	 * Make one attempt.
	 * @param flight the flight that makes it
	 * @return a {@code Mono} with a token set that has an access token; its errors are
	 * {@link TokenException}s, or what an issuer may throw
	 */
	Mono<Obtained> run(Flight flight) {
		return obtain(flight).contextWrite((any) -> flight.context());
	}

	private Mono<Obtained> obtain(Flight flight) {
		Loan loan = flight.loan();
		if (loan != null) {
			return this.lent.obtain(flight, loan);
		}
		if (this.shared != null) {
			return this.shared.obtain(flight);
		}
		return this.stored.areNone()
				? redeem(flight, new HashSet<>()).map((tokens) -> new Obtained(tokens, 0, true, null))
				: this.stored.obtain(flight);
	}

	/**
	 * Ask with the refresh token that the flight takes along, with the configured one if
	 * that is refused, and without any at last, for the client's own grant: RFC 6749,
	 * section 5.2, {@code invalid_grant}.
	 * @param tried the refresh tokens that were refused; those that are refused now are
	 * added
	 */
	Mono<TokenSet> redeem(Flight flight, Set<String> tried) {
		String refreshToken = flight.refreshToken();
		if (refreshToken == null) {
			return ask(flight, null);
		}
		return ask(flight, refreshToken).onErrorResume(ReauthenticationRequiredException.class, (refused) -> {
			tried.add(refreshToken);
			return redeemOther(flight, tried, refused);
		});
	}

	/**
	 * Ask with what has not been refused yet.
	 */
	Mono<TokenSet> redeemOther(Flight flight, Set<String> tried, ReauthenticationRequiredException refused) {
		flight.takeAlong(untried(flight, tried));
		return redeem(flight, tried).onErrorMap(ReauthenticationRequiredException.class,
				(next) -> (next.error() != null) ? next : refused);
	}

	private @Nullable String untried(Flight flight, Set<String> tried) {
		String configured = configured(flight);
		return (configured != null && !tried.contains(configured)) ? configured : null;
	}

	/**
	 * Return the refresh token of the configuration, which belongs to the service's own
	 * key.
	 */
	@Nullable String configured(Flight flight) {
		return flight.lifecycle().isService() ? this.settings.refreshToken() : null;
	}

	/**
	 * Ask once, unless the refresh token of another key is needed first.
	 */
	Mono<TokenSet> ask(Flight flight, @Nullable String refreshToken) {
		Mono<TokenSet> asked = asked(flight, refreshToken);
		boolean borrows = refreshToken == null && VariedKeys.isVaried(flight.key()) && flight.loan() == null;
		return borrows ? flight.lifecycle().client().lending().loanOr(flight, asked) : asked;
	}

	private Mono<TokenSet> asked(Flight flight, @Nullable String refreshToken) {
		return Mono.defer(() -> {
			Moment requestedAt = this.resources.now();
			Attempt attempt = flight.attempt();
			if (refreshToken != null) {
				flight.redeems(refreshToken, requestedAt);
			}
			Mono<TokenSet> issued = this.issuer.issue(new TokenRequest(flight.key(), flight.trigger(), refreshToken));
			return new FirstAnswer(issued, () -> answersAgain(flight.key()))
				.map((tokens) -> complete(flight, tokens, requestedAt, refreshToken))
				.switchIfEmpty(Mono
					.error(() -> new TransientTokenException(flight.key(), "the issuer answered nothing", null)))
				.doOnError((ex) -> flight.answered(attempt));
		});
	}

	private void answersAgain(TokenKey key) {
		this.faults.warn(this.resources.now(),
				"The issuer has answered more than once for {}; only its first answer counts: {}", key,
				this.settings.issuer().getClass().getName());
	}

	/**
	 * The issuer has thrown when it should only have given a call up.
	 */
	void cancellationFailed(TokenKey key, Throwable ex) {
		this.faults.warn(this.resources.now(),
				"The issuer has failed with {} when its call for {} was cancelled, which goes on without it: {}",
				ex.getClass().getName(), key, this.settings.issuer().getClass().getName());
	}

	private TokenSet complete(Flight flight, TokenSet tokens, Moment requestedAt, @Nullable String refreshToken) {
		TokenKey key = flight.key();
		this.clock.answered(tokens.issuerTime(), this.resources.now());
		if (tokens.accessToken() == null) {
			throw new TokenRefusedException(key, "the issuer answered without an access token", null, null, null);
		}
		if (this.settings.dpop() != null && !ProofOfPossession.DPOP.equalsIgnoreCase(tokens.tokenType())) {
			throw new TokenRefusedException(key, "the issuer answered with a token of the type " + tokens.tokenType()
					+ ", which is not bound to the client's DPoP key", null, null, null);
		}
		KeyState known = flight.known();
		Session session = known.session();
		TokenSet complete = withSameEnd(withRefreshToken(tokens, refreshToken), known.refreshToken(),
				(session != null) ? session.end() : null);
		if (complete.obtainedAt() != null) {
			return complete;
		}
		Moment now = this.resources.now();
		return complete.mutate()
			.obtainedAt(Instant.ofEpochMilli(now.wall() - (now.mono() - requestedAt.mono())))
			.build();
	}

	static TokenSet withRefreshToken(TokenSet tokens, @Nullable String refreshToken) {
		return (tokens.refreshToken() != null) ? tokens : tokens.mutate().refreshToken(refreshToken).build();
	}

	/**
	 * An answer that does not tell when the refresh token ends, and has no other one,
	 * changes nothing about it.
	 * @param refreshToken the refresh token whose end is known, or {@code null}
	 * @param end its end, or {@code null}
	 */
	static TokenSet withSameEnd(TokenSet tokens, @Nullable String refreshToken, @Nullable Instant end) {
		boolean same = end != null && tokens.refreshTokenExpiresAt() == null && refreshToken != null
				&& refreshToken.equals(tokens.refreshToken());
		return same ? tokens.mutate().refreshTokenExpiresAt(end).build() : tokens;
	}

	/**
	 * Have a token set revoked by its issuer. Each attempt is bounded in time.
	 * @return a {@code Mono} whose errors are all {@link TokenRevocationException}s
	 */
	Mono<Void> revoke(TokenKey key, TokenSet tokens) {
		return Mono.defer(() -> this.issuer.revoke(key, tokens))
			.timeout(this.resources.timer().signal(this.settings.responseTimeout().toMillis()),
					Mono.error(() -> timedOut(key)))
			.retryWhen(Retry.from((failures) -> failures.concatMap(this::whenBusy)))
			.onErrorMap((ex) -> new TokenRevocationException(key, asTokenException(key, ex)));
	}

	private Mono<Boolean> whenBusy(RetrySignal signal) {
		boolean again = Backoff.asksForPause(signal.failure()) && signal.totalRetries() < MOST_RETRIES;
		return again ? this.resources.timer().signal(Backoff.retryAfter(signal.failure())).thenReturn(true)
				: Mono.error(signal.failure());
	}

	/**
	 * Nobody knows what becomes of a request that is not answered in time.
	 */
	TransientTokenException timedOut(TokenKey key) {
		return new TransientTokenException(key, "the issuer has not answered within the response-timeout of "
				+ this.settings.responseTimeout().toMillis() + " ms", null, null, null, true, null);
	}

	TokenException asTokenException(TokenKey key, Throwable ex) {
		if (ex instanceof TokenException known) {
			return known;
		}
		if (ex instanceof CircularWaitException) {
			return new TokenRefusedException(key, "its issuer waits for the token that it is to obtain", null, null,
					ex);
		}
		String reason = (ex instanceof TokenStoreException) ? "the token store failed" + ofStore(ex)
				: "the issuer failed" + ForeignFailure.describe(ex);
		return new TransientTokenException(key, reason, ex);
	}

	/**
	 * Say why the store has failed, as far as that is known.
	 */
	static String ofStore(Throwable failure) {
		Throwable cause = failure.getCause();
		return (cause != null) ? ForeignFailure.describe(cause) : "";
	}

}
