package io.github.evertoken.samples.quickstart.show;

import io.github.evertoken.TokenSet;
import io.github.evertoken.samples.quickstart.shared.ContinuousCaller;
import reactor.core.publisher.Mono;

/**
 * An orders service, as the scenes see it, whatever puts the tokens to its calls.
 */
interface Contender {

	/**
	 * Return who tells what happens to it.
	 */
	String name();

	/**
	 * Return the {@code client_id} or {@code client_secret} of one of its clients.
	 * @param ofOrders that with which the orders service of today asks for a token
	 */
	String credential(String ofOrders);

	Mono<String> report(long number);

	Mono<String> basketOf(String user);

	ContinuousCaller caller();

	/**
	 * Return the token that reports are asked for with.
	 */
	Mono<String> reportsToken();

	/**
	 * Take over the tokens of a user who has logged in.
	 */
	Mono<Void> login(String user, TokenSet tokens);

	/**
	 * Make the next call on behalf of a user need a refresh.
	 * @return whether there is a refresh token
	 */
	Mono<Boolean> endAccessToken(String user);

}
