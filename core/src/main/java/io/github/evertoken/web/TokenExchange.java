package io.github.evertoken.web;

import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.web.Explanation.Reason;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * What {@link TokenExchangeFilterFunction} does.
 */
final class TokenExchange {

	private final TokenChoice choice;

	private final UncoveredExchange uncovered;

	private final BlockingExchange blocking;

	/**
	 * Create an exchange.
	 * @param choice says which token a request is to carry
	 * @param uncovered sends those that carry none
	 */
	TokenExchange(TokenChoice choice, UncoveredExchange uncovered) {
		this.choice = choice;
		this.uncovered = uncovered;
		this.blocking = new BlockingExchange(choice, uncovered);
	}

	/**
	 * Return the same for callers whose thread waits for the answer.
	 */
	BlockingExchange blocking() {
		return this.blocking;
	}

	Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		RequestedToken requested = RequestedToken.of(request);
		if (requested.noToken()) {
			return this.uncovered.exchange(Reason.NO_TOKEN_WANTED, null, request, next);
		}
		String client = this.choice.client(requested, request);
		if (client == null || TokenChoice.isAuthorized(request)) {
			return this.uncovered.exchange(TokenChoice.reasonWithout(request), client, request, next);
		}
		if (UncoveredExchange.isLogged()) {
			UncoveredExchange.logCovered(request, client);
		}
		if (this.choice.isKnown(client, requested)) {
			return exchange(this.choice.tokens(client, requested), this.choice.policy(client), requested, request,
					next);
		}
		return this.choice.resolved(client, requested, request)
			.flatMap((tokens) -> exchange(tokens, this.choice.policy(client), requested, request, next));
	}

	private static Mono<ClientResponse> exchange(KeyTokens tokens, RejectionPolicy policy, RequestedToken requested,
			ClientRequest request, ExchangeFunction next) {
		ProofOfPossession dpop = tokens.dpop();
		return (dpop == null) ? exchangeWithToken(tokens, policy, requested, request, next)
				: Mono.defer(() -> exchangeWithToken(tokens, policy, requested, request,
						new DpopExchange(dpop, next, WarningRejectionPolicy.bodyTime(policy))));
	}

	private static Mono<ClientResponse> exchangeWithToken(KeyTokens tokens, RejectionPolicy policy,
			RequestedToken requested, ClientRequest request, ExchangeFunction next) {
		return new TokenExchangeMono(tokens, request, next, policy, requested.expectedDuration());
	}

}
