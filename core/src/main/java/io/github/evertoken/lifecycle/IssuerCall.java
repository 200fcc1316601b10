package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenRevocationException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.grant.DpopProofs;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.Retry.RetrySignal;

/**
 * What is done during a flight: look into the store, ask the issuer, fall back when the
 * refresh token is refused, and save what came. Every step is bounded in time. One is
 * enough for all keys of a client.
 */
final class IssuerCall {

	private static final Logger logger = LoggerFactory.getLogger(IssuerCall.class);

	private static final int MOST_RETRIES = 2;

	private final ClientSettings settings;

	private final Surroundings surroundings;

	private final TokenStore store;

	IssuerCall(ClientSettings settings, Surroundings surroundings) {
		this.settings = settings;
		this.surroundings = surroundings;
		this.store = (settings.store() != null) ? settings.store() : surroundings.store();
	}

	/**
	 * Return how long a flight can take with all its steps.
	 */
	Duration longestDuration() {
		boolean inMemory = this.store == TokenStore.inMemory();
		return this.settings.responseTimeout().multipliedBy(inMemory ? 1 : 3);
	}

	/**
	 * Obtain a token set that has an access token, the instant at which it was requested,
	 * and the refresh token to go on with.
	 * @param flight the flight that asks
	 * @param restore whether the store may know a token set that the key has not held yet
	 * @return a {@code Mono} whose errors are all {@link TokenException}s
	 */
	Mono<TokenSet> run(Flight flight, boolean restore) {
		Mono<TokenSet> issued = Mono.defer(() -> issue(flight))
			.timeout(this.settings.responseTimeout(), Mono.error(() -> timedOut(flight.key())),
					this.surroundings.scheduler())
			.flatMap((tokens) -> flight.isUnderway() ? save(flight.key(), tokens).thenReturn(tokens)
					: Mono.just(tokens));
		return (restore ? restore(flight).switchIfEmpty(issued) : issued)
			.onErrorMap((ex) -> asTokenException(flight.key(), ex))
			.contextWrite((any) -> flight.context());
	}

	private Mono<TokenSet> restore(Flight flight) {
		return load(flight.key()).doOnNext((tokens) -> flight.restored())
			.map((tokens) -> withRefreshToken(tokens, flight.refreshToken()))
			.doOnNext((tokens) -> flight.takeAlong(tokens.refreshToken()))
			.filter(this::isUsable);
	}

	private static TokenSet withRefreshToken(TokenSet tokens, @Nullable String refreshToken) {
		return (tokens.refreshToken() != null) ? tokens : tokens.mutate().refreshToken(refreshToken).build();
	}

	private boolean isUsable(TokenSet tokens) {
		if (tokens.accessToken() == null || tokens.obtainedAt() == null
				|| !new ForeignTokens(this.settings).canBeSent(tokens)) {
			return false;
		}
		long now = this.surroundings.now();
		return new RenewalSchedule(this.settings, () -> 0).hold(tokens, 0, now).isUsable(now);
	}

	/**
	 * Ask the issuer. If it refuses the refresh token, ask once more without it, for the
	 * client's own grant: RFC 6749, section 5.2, {@code invalid_grant}.
	 */
	private Mono<TokenSet> issue(Flight flight) {
		String refreshToken = flight.refreshToken();
		Mono<TokenSet> answer = ask(flight, refreshToken);
		return (refreshToken == null) ? answer
				: answer.onErrorResume(ReauthenticationRequiredException.class, (refused) -> {
					flight.takeAlong(null);
					return ask(flight, null).onErrorMap(ReauthenticationRequiredException.class,
							(next) -> (next.error() != null) ? next : refused);
				});
	}

	private Mono<TokenSet> ask(Flight flight, @Nullable String refreshToken) {
		return Mono.defer(() -> {
			Instant requestedAt = Instant.ofEpochMilli(this.surroundings.now());
			return this.settings.issuer()
				.issue(new TokenRequest(flight.key(), flight.trigger(), refreshToken))
				.map((tokens) -> complete(flight.key(), tokens, requestedAt, refreshToken));
		})
			.switchIfEmpty(
					Mono.error(() -> new TransientTokenException(flight.key(), "the issuer answered nothing", null)));
	}

	private TokenSet complete(TokenKey key, TokenSet tokens, Instant requestedAt, @Nullable String refreshToken) {
		if (tokens.accessToken() == null) {
			throw new TransientTokenException(key, "the issuer answered without an access token", null);
		}
		if (this.settings.dpop() != null && !DpopProofs.DPOP.equalsIgnoreCase(tokens.tokenType())) {
			throw new TokenRefusedException(key, "the issuer answered with a token of the type " + tokens.tokenType()
					+ ", which is not bound to the client's DPoP key", null, null, null);
		}
		TokenSet complete = withRefreshToken(tokens, refreshToken);
		return (complete.obtainedAt() != null) ? complete : complete.mutate().obtainedAt(requestedAt).build();
	}

	Mono<TokenSet> load(TokenKey key) {
		return bounded(key, Mono.defer(() -> this.store.load(key)), "loaded from");
	}

	/**
	 * Have a token set revoked by its issuer. Each attempt is bounded in time.
	 * @return a {@code Mono} whose errors are all {@link TokenRevocationException}s
	 */
	Mono<Void> revoke(TokenKey key, TokenSet tokens) {
		return Mono.defer(() -> this.settings.issuer().revoke(key, tokens))
			.timeout(this.settings.responseTimeout(), Mono.error(() -> timedOut(key)), this.surroundings.scheduler())
			.retryWhen(Retry.from((failures) -> failures.concatMap(this::whenBusy)))
			.onErrorMap((ex) -> new TokenRevocationException(key, asTokenException(key, ex)));
	}

	private Mono<Long> whenBusy(RetrySignal signal) {
		Duration pause = Cooldown.retryAfter(signal.failure());
		return (pause == null || signal.totalRetries() >= MOST_RETRIES) ? Mono.error(signal.failure())
				: Mono.delay(pause, this.surroundings.scheduler());
	}

	Mono<Void> save(TokenKey key, TokenSet tokens) {
		return bounded(key, Mono.defer(() -> this.store.save(key, tokens)), "saved to");
	}

	Mono<Void> forget(TokenKey key) {
		return bounded(key, Mono.defer(() -> this.store.remove(key)), "removed from");
	}

	/**
	 * A store that fails does not fail the callers: the key's own memory goes on.
	 */
	private <T> Mono<T> bounded(TokenKey key, Mono<T> step, String what) {
		return step.timeout(this.settings.responseTimeout(), this.surroundings.scheduler()).onErrorResume((ex) -> {
			logger.warn("The token set of {} could not be {} the token store ({}); it is held in memory alone", key,
					what, ex.getClass().getName());
			return Mono.empty();
		});
	}

	private TransientTokenException timedOut(TokenKey key) {
		return new TransientTokenException(key, "the issuer has not answered within the response-timeout of "
				+ this.settings.responseTimeout().toMillis() + " ms", null);
	}

	private TokenException asTokenException(TokenKey key, Throwable ex) {
		return (ex instanceof TokenException known) ? known
				: new TransientTokenException(key, "the issuer failed with " + ex.getClass().getName(), ex);
	}

}
