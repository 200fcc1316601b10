package io.github.evertoken.web;

import java.time.Duration;
import java.util.List;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenObserver.ResendOutcome;
import io.github.evertoken.lifecycle.HeldToken;
import io.github.evertoken.lifecycle.KeyStatus;
import io.github.evertoken.lifecycle.TokenLifecycle;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * The tokens of a key whose life-cycle is at hand: the way of nearly every request. All
 * tokens that it is told of are those that it gave.
 */
final class LifecycleTokens implements KeyTokens {

	private final TokenLifecycle lifecycle;

	// Made when it is needed for the first time, which nearly never is. Whoever races
	// makes one more that does the same.
	private @Nullable Mono<HeldToken> token;

	LifecycleTokens(TokenLifecycle lifecycle) {
		this.lifecycle = lifecycle;
	}

	@Override
	public @Nullable AccessToken usable() {
		return this.lifecycle.usable();
	}

	@Override
	public Mono<HeldToken> token() {
		Mono<HeldToken> token = this.token;
		if (token == null) {
			token = this.lifecycle.token();
			this.token = token;
		}
		return token;
	}

	@Override
	public Mono<HeldToken> token(Duration expectedDuration) {
		return this.lifecycle.token(expectedDuration);
	}

	@Override
	public Mono<HeldToken> tokenAfter(AccessToken rejected, @Nullable Duration expectedDuration) {
		Mono<HeldToken> next = this.lifecycle.tokenAfter((HeldToken) rejected);
		return (expectedDuration != null) ? next.then(this.lifecycle.token(expectedDuration)) : next;
	}

	@Override
	public boolean reject(AccessToken token, ClientRequest request, HttpHeaders answer, ContextView caller) {
		return this.lifecycle.reject((HeldToken) token, RefusalReader.read(token, request, answer, caller));
	}

	@Override
	public @Nullable TokenException failing() {
		return KeyStatus.failureOf(this.lifecycle);
	}

	@Override
	public void resent(ResendOutcome outcome) {
		this.lifecycle.resent(outcome);
	}

	@Override
	public boolean isNews(AccessToken token) {
		return this.lifecycle.isNews((HeldToken) token);
	}

	@Override
	public void accept(AccessToken token, ClientRequest request) {
		this.lifecycle.accept((HeldToken) token, RequestPlace.of(request));
	}

	@Override
	public void stepUp(AccessToken token, List<String> acrValues, @Nullable Duration maxAge) {
		this.lifecycle.stepUp((HeldToken) token, acrValues, maxAge);
	}

	@Override
	public void scopeInsufficient(AccessToken token, ClientRequest request, HttpHeaders answer) {
		this.lifecycle.scopeInsufficient((HeldToken) token,
				RefusalReader.read(token, request, answer, Context.empty()));
	}

	@Override
	public boolean isIssuing(ContextView context) {
		return this.lifecycle.isIssuing(context);
	}

	@Override
	public @Nullable ProofOfPossession dpop() {
		return this.lifecycle.dpop();
	}

}
