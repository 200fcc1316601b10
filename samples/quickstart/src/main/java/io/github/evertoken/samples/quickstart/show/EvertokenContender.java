package io.github.evertoken.samples.quickstart.show;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.samples.quickstart.orders.Orders;
import io.github.evertoken.samples.quickstart.shared.ContinuousCaller;
import reactor.core.publisher.Mono;

/**
 * The orders service with Evertoken.
 */
record EvertokenContender(Orders orders) implements Contender {

	@Override
	public String name() {
		return "evertoken";
	}

	@Override
	public String credential(String ofOrders) {
		return ofOrders;
	}

	@Override
	public Mono<String> report(long number) {
		return this.orders.inventory().report(number);
	}

	@Override
	public Mono<String> basketOf(String user) {
		return this.orders.inventory().basketOf(user);
	}

	@Override
	public ContinuousCaller caller() {
		return this.orders.caller();
	}

	@Override
	public Mono<String> reportsToken() {
		return tokens().token(TokenKey.of("reports")).map(AccessToken::value);
	}

	@Override
	public Mono<Void> login(String user, TokenSet tokens) {
		return tokens().put(session(user), tokens);
	}

	@Override
	public Mono<Boolean> endAccessToken(String user) {
		return tokens().token(session(user))
			.doOnNext((token) -> tokens().reject(session(user), token))
			.thenReturn(true)
			.onErrorReturn(false);
	}

	private TokenManager tokens() {
		return this.orders.tokens();
	}

	private static TokenKey session(String user) {
		return TokenKey.of("session", user);
	}

}
