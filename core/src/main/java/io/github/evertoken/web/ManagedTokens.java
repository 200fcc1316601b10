package io.github.evertoken.web;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.github.evertoken.AccessToken;
import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.LeasePolicy;
import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenObserver.ResendOutcome;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.HeldToken;
import io.github.evertoken.lifecycle.KeyStatus;
import io.github.evertoken.lifecycle.TokenLifecycle;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * The tokens of a key as any {@link TokenManager} gives them: a user's own, a decorator,
 * a mock. What the contract does not say is asked of the {@link DefaultTokenManager} that
 * it leads to, if it does, and of nobody otherwise.
 */
final class ManagedTokens implements KeyTokens {

	private final TokenManager manager;

	private final TokenKey key;

	private final @Nullable DefaultTokenManager behind;

	private final @Nullable ProofOfPossession dpop;

	private ManagedTokens(TokenManager manager, TokenKey key, @Nullable DefaultTokenManager behind,
			@Nullable ProofOfPossession dpop) {
		this.manager = manager;
		this.key = key;
		this.behind = behind;
		this.dpop = dpop;
	}

	/**
	 * Return the tokens of each key of a manager.
	 * @param manager the manager
	 * @param dpop the proofs of those clients whose tokens are bound
	 */
	static Function<TokenKey, KeyTokens> of(TokenManager manager, Map<String, ProofOfPossession> dpop) {
		DefaultTokenManager behind = DelegatingTokenManager.find(manager, DefaultTokenManager.class);
		return (key) -> new ManagedTokens(manager, key,
				(behind != null && behind.clients().contains(key.client())) ? behind : null, dpop.get(key.client()));
	}

	@Override
	public @Nullable AccessToken usable() {
		return null;
	}

	/**
	 * A request without a token would be no error of anybody's, and go wrong in silence.
	 */
	@Override
	public Mono<AccessToken> token() {
		return Mono.defer(() -> given(this.manager.token(this.key))).switchIfEmpty(Mono.error(this::nothing));
	}

	/**
	 * A lease holds a token that lasts before its work begins, which here is no more than
	 * to ask for it.
	 */
	@Override
	public Mono<AccessToken> token(Duration expectedDuration) {
		return Mono.defer(() -> given(this.manager.lease(this.key, expectedDuration, LeasePolicy.WARN, token())))
			.switchIfEmpty(Mono.error(this::nothing));
	}

	/**
	 * A mock that nobody has told what to do gives {@code null}.
	 */
	private Mono<AccessToken> given(@Nullable Mono<AccessToken> token) {
		return (token != null) ? token : Mono.empty();
	}

	private IllegalStateException nothing() {
		return new IllegalStateException("The TokenManager " + this.manager.getClass().getName() + " gave no token for "
				+ this.key + "; token(TokenKey) is to give one or to fail, and a mock has to be told so");
	}

	@Override
	public Mono<AccessToken> tokenAfter(AccessToken rejected, @Nullable Duration expectedDuration) {
		return (expectedDuration != null) ? token(expectedDuration) : token();
	}

	@Override
	public boolean reject(AccessToken token, ClientRequest request, HttpHeaders answer, ContextView caller) {
		return this.manager.reject(this.key, token);
	}

	@Override
	public @Nullable TokenException failing() {
		return (this.behind != null) ? KeyStatus.failureOf(this.behind.lifecycle(this.key)) : null;
	}

	@Override
	public void resent(ResendOutcome outcome) {
		TokenLifecycle service = service();
		if (service != null) {
			service.resent(outcome);
		}
	}

	@Override
	public boolean isNews(AccessToken token) {
		return token instanceof HeldToken held && !held.wasAccepted();
	}

	@Override
	public void accept(AccessToken token, ClientRequest request) {
		if (token instanceof HeldToken held) {
			held.accepted();
		}
	}

	@Override
	public void stepUp(AccessToken token, List<String> acrValues, @Nullable Duration maxAge) {
		if (this.behind != null && token instanceof HeldToken held) {
			this.behind.lifecycle(this.key).stepUp(held, acrValues, maxAge);
		}
	}

	@Override
	public boolean isIssuing(ContextView context) {
		TokenLifecycle service = service();
		return service != null && service.isIssuing(context);
	}

	@Override
	public @Nullable ProofOfPossession dpop() {
		TokenLifecycle service = service();
		return (this.dpop != null || service == null) ? this.dpop : service.dpop();
	}

	/**
	 * What all keys of the client have in common. That of this key may never begin: a
	 * decorator may ask for another one.
	 */
	private @Nullable TokenLifecycle service() {
		return (this.behind != null) ? this.behind.lifecycle(TokenKey.of(this.key.client())) : null;
	}

}
