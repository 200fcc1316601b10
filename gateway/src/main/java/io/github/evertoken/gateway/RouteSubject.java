package io.github.evertoken.gateway;

import java.util.Map;
import java.util.function.Consumer;

import io.github.evertoken.web.SubjectTokenResolver;
import io.github.evertoken.web.TokenAttributes;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * Says on whose behalf the requests of a route are sent.
 */
@FunctionalInterface
interface RouteSubject {

	/**
	 * Find the subject of a request.
	 * @param exchange the exchange with the caller of the gateway
	 * @param request the request that is to be sent
	 * @return what is to be set in the attributes of the request; empty if the caller has
	 * to say first who it is
	 */
	Mono<Consumer<Map<String, Object>>> of(ServerWebExchange exchange, ClientRequest request);

	/**
	 * Leave it to the attributes of the exchange and to the resolvers of the client.
	 */
	static RouteSubject configured() {
		Mono<Consumer<Map<String, Object>>> nothing = Mono.just((attributes) -> {
		});
		return (exchange, request) -> nothing;
	}

	/**
	 * Send requests on behalf of whoever calls the gateway.
	 * @param authenticated finds the token that a caller was authenticated with
	 */
	static RouteSubject caller(SubjectTokenResolver authenticated) {
		return (exchange, request) -> authenticated.resolve(request)
			.switchIfEmpty(Mono.justOrEmpty(BearerToken.of(exchange.getRequest().getHeaders())))
			.map(TokenAttributes::subjectToken);
	}

}
