package io.github.evertoken.web;

import java.io.IOException;

import io.github.evertoken.web.Explanation.Reason;

import org.springframework.http.client.ClientHttpResponse;

/**
 * What {@link TokenExchangeInterceptor} does.
 */
final class BlockingExchange {

	private final TokenChoice choice;

	private final UncoveredExchange uncovered;

	/**
	 * Create an exchange.
	 * @param choice says which token a request is to carry
	 * @param uncovered sends those that carry none
	 */
	BlockingExchange(TokenChoice choice, UncoveredExchange uncovered) {
		this.choice = choice;
		this.uncovered = uncovered;
	}

	ClientHttpResponse exchange(BlockingRequest request) throws IOException {
		RequestedToken requested = RequestedToken.of(request);
		if (requested.noToken()) {
			return this.uncovered.exchange(Reason.NO_TOKEN_WANTED, null, request);
		}
		String client = this.choice.client(requested, request);
		if (client == null || TokenChoice.isAuthorized(request)) {
			return this.uncovered.exchange(TokenChoice.reasonWithout(request), client, request);
		}
		if (UncoveredExchange.isLogged()) {
			UncoveredExchange.logCovered(request, client);
		}
		BlockingWait.requirePossible(client, request);
		return new BlockingCall(tokens(client, requested, request), request, this.choice.policy(client)).exchange();
	}

	private KeyTokens tokens(String client, RequestedToken requested, BlockingRequest request) throws IOException {
		return this.choice.isKnown(client, requested) ? this.choice.tokens(client, requested)
				: BlockingWait.on(this.choice.resolved(client, requested, request));
	}

}
