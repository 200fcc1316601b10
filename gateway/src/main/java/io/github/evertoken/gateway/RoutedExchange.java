package io.github.evertoken.gateway;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.netty.Connection;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.ExchangeStrategies;
import org.springframework.web.server.ServerWebExchange;

/**
 * The rest of a route's filters as an exchange of a {@code WebClient}.
 * <p>
 * When those filters are through, the status and the headers of the server's answer stand
 * in the exchange with the caller, nothing is written yet, and its body waits on a
 * connection that is an attribute of the exchange. There it stays, and
 * {@code NettyWriteResponseFilter} passes it on, unless somebody has to read it before:
 * to give back the connection of a 401, or to decide by what it says.
 */
final class RoutedExchange implements ExchangeFunction {

	private static final ExchangeStrategies STRATEGIES = ExchangeStrategies.withDefaults();

	private final ServerWebExchange exchange;

	private final GatewayFilterChain chain;

	private final HttpHeaders headersBefore;

	// The attempts of an exchange, and what becomes of them, follow each other.
	private boolean sent;

	private boolean answered;

	private boolean bodyTaken;

	/**
	 * Create an exchange for one request.
	 * @param exchange the exchange with the caller
	 * @param chain the rest of the route's filters
	 */
	RoutedExchange(ServerWebExchange exchange, GatewayFilterChain chain) {
		this.exchange = exchange;
		this.chain = chain;
		this.headersBefore = HttpHeaders.copyOf(exchange.getResponse().getHeaders());
	}

	/**
	 * Send a request.
	 * @return the answer; empty if no server has given one, because the caller has been
	 * answered already or a filter has answered
	 */
	@Override
	public Mono<ClientResponse> exchange(ClientRequest request) {
		return Mono.defer(() -> {
			forgetAnswer();
			this.sent = true;
			return request.writeTo(new RoutedHttpRequest(request, this.exchange, this.chain), STRATEGIES)
				.then(Mono.defer(this::answer));
		});
	}

	/**
	 * Before the second attempt, or a failure. What was read of the first answer is not
	 * written any more, and its connection belongs to others already. A header that the
	 * gateway had set before stays: the answer may have had one of the same name.
	 */
	private void forgetAnswer() {
		if (this.sent && !this.exchange.getResponse().isCommitted()) {
			ServerWebExchangeUtils.reset(this.exchange);
			this.exchange.getAttributes().remove(ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR);
			this.exchange.getAttributes().remove(ServerWebExchangeUtils.ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR);
			this.exchange.getResponse().setStatusCode(null);
			this.exchange.getResponse().getHeaders().putAll(HttpHeaders.copyOf(this.headersBefore));
			this.answered = false;
			this.bodyTaken = false;
		}
	}

	/**
	 * Let nobody have the last answer: who calls is told of a failure, and what tells him
	 * must not have a challenge or an encoding of the server's in it. Where a circuit
	 * breaker goes on elsewhere, nobody else would close the connection.
	 */
	void abandonAnswer() {
		Object left = this.exchange.getAttributes().remove(ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR);
		if (left instanceof Connection connection) {
			connection.dispose();
		}
		forgetAnswer();
	}

	private Mono<ClientResponse> answer() {
		ServerHttpResponse response = this.exchange.getResponse();
		HttpStatusCode status = response.getStatusCode();
		if (status == null || response.isCommitted()
				|| this.exchange.getAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR) == null) {
			return Mono.empty();
		}
		this.answered = true;
		return Mono.just(ClientResponse.create(status, STRATEGIES)
			.headers((headers) -> headers.putAll(response.getHeaders()))
			.body(body())
			.build());
	}

	/**
	 * Whoever reads the body takes its connection: that is closed if he stops, and free
	 * for others when he comes to the end, so that nobody else may close it then.
	 */
	private Flux<DataBuffer> body() {
		return Flux.defer(() -> {
			this.bodyTaken = true;
			Object taken = this.exchange.getAttributes().remove(ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR);
			return (taken instanceof Connection connection) ? body(connection) : Flux.empty();
		});
	}

	/**
	 * Who has stopped must not be told that the connection was closed.
	 */
	private static Flux<DataBuffer> body(Connection connection) {
		NettyDataBufferFactory factory = new NettyDataBufferFactory(connection.channel().alloc());
		return connection.inbound().receive().retain().<DataBuffer>map(factory::wrap).doFinally((end) -> {
			if (end == SignalType.CANCEL) {
				connection.dispose();
			}
		});
	}

	/**
	 * Let the caller have an answer.
	 * @param answer the last one, or another one that is to stand in its place, such as
	 * the first one where the request could not be sent once more
	 * @return completes when all has been written that others will not write
	 */
	Mono<Void> passOn(ClientResponse answer) {
		return (this.bodyTaken || !this.answered) ? write(answer) : Mono.empty();
	}

	/**
	 * What was read may have been more than is kept.
	 */
	private Mono<Void> write(ClientResponse answer) {
		ServerHttpResponse response = this.exchange.getResponse();
		response.setStatusCode(answer.statusCode());
		HttpHeaders headers = response.getHeaders();
		headers.putAll(answer.headers().asHttpHeaders());
		headers.remove(HttpHeaders.CONTENT_LENGTH);
		return response.writeWith(answer.body(BodyExtractors.toDataBuffers()));
	}

}
