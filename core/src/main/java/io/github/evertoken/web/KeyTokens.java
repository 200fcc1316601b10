package io.github.evertoken.web;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenObserver.ResendOutcome;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * What a request needs of the key whose token it carries. Of a
 * {@link DefaultTokenManager} that is the key's life-cycle, which has a usable token at
 * hand; of any other {@link TokenManager} it is what the contract says.
 */
interface KeyTokens {

	/**
	 * Return the tokens of each key of a manager.
	 * @param manager the manager
	 * @param dpop the proofs of those clients whose tokens are bound, as far as the
	 * manager does not know them itself
	 * @return the tokens by their key
	 */
	static Function<TokenKey, KeyTokens> of(TokenManager manager, Map<String, ProofOfPossession> dpop) {
		return (manager instanceof DefaultTokenManager defaultManager)
				? (key) -> new LifecycleTokens(defaultManager.lifecycle(key)) : ManagedTokens.of(manager, dpop);
	}

	/**
	 * Return the token that is at hand and usable now, or {@code null} if
	 * {@link #token()} is to be asked.
	 */
	@Nullable AccessToken usable();

	/**
	 * Return a token that is usable at the time of the subscription.
	 */
	Mono<? extends AccessToken> token();

	/**
	 * Return a token that lasts for a while, or else the freshest there is.
	 */
	Mono<? extends AccessToken> token(Duration expectedDuration);

	/**
	 * Return the token that follows one that was refused.
	 * @param expectedDuration how long it is to last, {@code null} if that is not said
	 */
	Mono<? extends AccessToken> tokenAfter(AccessToken rejected, @Nullable Duration expectedDuration);

	/**
	 * Tell that a token was refused, and whether another one is to be expected.
	 * @param answer the headers of the answer that refuses it
	 * @param caller the Reactor Context of the request
	 */
	boolean reject(AccessToken token, ClientRequest request, HttpHeaders answer, ContextView caller);

	/**
	 * Return why no other token could be had the last time.
	 * @return why, {@code null} if one could, or if nobody knows
	 */
	default @Nullable TokenException failing() {
		return null;
	}

	/**
	 * Tell what a second attempt has come to.
	 */
	void resent(ResendOutcome outcome);

	/**
	 * Tell whether anybody wants to know that a token was accepted.
	 */
	boolean isNews(AccessToken token);

	/**
	 * Tell that a token was accepted.
	 */
	void accept(AccessToken token, ClientRequest request);

	/**
	 * Tell what a resource server asks for that wants a stronger authentication.
	 */
	void stepUp(AccessToken token, List<String> acrValues, @Nullable Duration maxAge);

	/**
	 * Tell that a resource server asks for another scope than that of a token, which
	 * stays in use.
	 */
	default void scopeInsufficient(AccessToken token, ClientRequest request, HttpHeaders answer) {
	}

	/**
	 * Tell whether a call to the issuer of the key's client is running in a Context.
	 */
	boolean isIssuing(ContextView context);

	/**
	 * Return what proves that the client holds the key of its tokens, if they are bound.
	 */
	@Nullable ProofOfPossession dpop();

}
