package io.github.evertoken.web;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

import io.github.evertoken.web.Explanation.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * Lets requests pass that carry no token, untouched, and takes note of each. Nothing here
 * is on the way of a request with a token.
 */
final class UncoveredExchange {

	private static final Logger logger = LoggerFactory.getLogger(RequestExplainer.class);

	/**
	 * Of how many origins is warned at the most: whoever makes up origins must not fill
	 * the memory, nor the log.
	 */
	static final int MOST_WARNINGS = 100;

	private final RequestExplainer explainer;

	private final BiPredicate<String, ContextView> issuing;

	private final Set<String> warned = ConcurrentHashMap.newKeySet();

	/**
	 * Create an exchange.
	 * @param explainer is told of each request
	 * @param issuing tells whether a client's call to its issuer runs in a Context
	 */
	UncoveredExchange(RequestExplainer explainer, BiPredicate<String, ContextView> issuing) {
		this.explainer = explainer;
		this.issuing = issuing;
	}

	static boolean isLogged() {
		return logger.isDebugEnabled();
	}

	static void logCovered(ClientRequest request, String client) {
		logger.debug("{} {} carries a token of client '{}'", request.method(), RequestUrl.of(request.url()), client);
	}

	static void logTokenCall(ClientRequest request) {
		if (logger.isDebugEnabled()) {
			logger.debug("{} {} carries no token: it is a part of the call for it", request.method(),
					RequestUrl.of(request.url()));
		}
	}

	/**
	 * Send a request without a token.
	 * @param reason why
	 * @param client the client that it belongs to, or {@code null}
	 */
	Mono<ClientResponse> exchange(Reason reason, @Nullable String client, ClientRequest request,
			ExchangeFunction next) {
		Mono<ClientResponse> answer = next.exchange(request);
		return Mono.deferContextual((caller) -> {
			RequestUrl url = RequestUrl.of(request.url());
			log(reason, client, request, url);
			return answer
				.doOnNext((response) -> answered(reason, client, request, url, response.statusCode().value(), caller))
				.doOnError((ex) -> failed(reason, client, request, url));
		});
	}

	/**
	 * Send a request without a token on the thread of its caller.
	 * @param reason why
	 * @param client the client that it belongs to, or {@code null}
	 */
	ClientHttpResponse exchange(Reason reason, @Nullable String client, BlockingRequest request) throws IOException {
		RequestUrl url = RequestUrl.of(request.url());
		log(reason, client, request, url);
		try {
			ClientHttpResponse response = request.sendAsItIs();
			answered(reason, client, request, url, response.getStatusCode().value(), Context.empty());
			return response;
		}
		catch (IOException | RuntimeException ex) {
			failed(reason, client, request, url);
			throw ex;
		}
	}

	private void log(Reason reason, @Nullable String client, ClientRequest request, RequestUrl url) {
		if (logger.isDebugEnabled()) {
			Explanation explanation = this.explainer.without(reason, client, request.method().name(), url);
			logger.debug("{}. {}", explanation, explanation.advice());
		}
	}

	private void answered(Reason reason, @Nullable String client, ClientRequest request, RequestUrl url, int status,
			ContextView caller) {
		this.explainer.note(reason, client, request.method().name(), url, status);
		if (reason == Reason.NO_CLIENT && status == HttpStatus.UNAUTHORIZED.value()) {
			warnOfNearMiss(request, url, caller);
		}
	}

	private void failed(Reason reason, @Nullable String client, ClientRequest request, RequestUrl url) {
		this.explainer.note(reason, client, request.method().name(), url, null);
	}

	/**
	 * The call for a token may well go to the host of the resource, and its 401 is about
	 * something else.
	 */
	private void warnOfNearMiss(ClientRequest request, RequestUrl url, ContextView caller) {
		String origin = url.origin();
		if (this.warned.size() >= MOST_WARNINGS || this.warned.contains(origin)) {
			return;
		}
		Explanation explanation = this.explainer.without(Reason.NO_CLIENT, null, request.method().name(), url);
		String nearest = explanation.nearestClient();
		if (nearest != null && explanation.isNearMiss() && !this.issuing.test(nearest, caller)
				&& this.warned.add(origin)) {
			logger.warn("{}. The answer was 401. {}. This is said once for {}", explanation, explanation.advice(),
					origin);
		}
	}

}
