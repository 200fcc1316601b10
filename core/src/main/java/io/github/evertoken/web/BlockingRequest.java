package io.github.evertoken.web;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.BodyInserter;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ExchangeStrategies;

/**
 * A request of {@code RestClient} or {@code RestTemplate}, as those see it that decide
 * upon its token: a user's resolver, among others.
 */
final class BlockingRequest implements ClientRequest {

	private final HttpRequest request;

	private final byte[] body;

	private final ClientHttpRequestExecution execution;

	/**
	 * Create a request.
	 * @param request the request
	 * @param body its body
	 * @param execution sends it, any number of times
	 */
	BlockingRequest(HttpRequest request, byte[] body, ClientHttpRequestExecution execution) {
		this.request = request;
		this.body = body;
		this.execution = execution;
	}

	/**
	 * Send the request as its caller has made it.
	 */
	ClientHttpResponse sendAsItIs() throws IOException {
		return this.execution.execute(this.request, this.body);
	}

	/**
	 * Send the request with a token.
	 * @param authorization the {@code Authorization} header
	 * @param proof the {@code DPoP} header, or {@code null} for none
	 * @param policy is told of an interceptor that replaces the token
	 */
	ClientHttpResponse send(String authorization, @Nullable String proof, RejectionPolicy policy) throws IOException {
		AuthorizedHttpRequest authorized = new AuthorizedHttpRequest(this.request, authorization, proof);
		ClientHttpResponse answer = this.execution.execute(authorized, this.body);
		if (authorized.isTokenReplaced() && policy instanceof WarningRejectionPolicy own) {
			own.tokenReplacedByInterceptor(url());
		}
		return answer;
	}

	@Override
	public HttpMethod method() {
		return this.request.getMethod();
	}

	@Override
	public URI url() {
		return this.request.getURI();
	}

	@Override
	public HttpHeaders headers() {
		return this.request.getHeaders();
	}

	@Override
	public Map<String, Object> attributes() {
		return this.request.getAttributes();
	}

	/**
	 * Those of a blocking request are among its headers.
	 */
	@Override
	public MultiValueMap<String, String> cookies() {
		return new LinkedMultiValueMap<>();
	}

	@Override
	public BodyInserter<?, ? super ClientHttpRequest> body() {
		return BodyInserters.fromValue(this.body);
	}

	@Override
	public @Nullable Consumer<ClientHttpRequest> httpRequest() {
		return null;
	}

	@Override
	public String logPrefix() {
		return "";
	}

	/**
	 * For whoever sends it by other means: a resolver, say, that asks somebody about it.
	 */
	@Override
	public Mono<Void> writeTo(ClientHttpRequest httpRequest, ExchangeStrategies strategies) {
		return ClientRequest.from(this).build().writeTo(httpRequest, strategies);
	}

	@Override
	public String toString() {
		return method() + " " + url();
	}

}
