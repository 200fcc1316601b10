package io.github.evertoken.web;

import io.github.evertoken.ProofOfPossession;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.support.HttpRequestWrapper;

/**
 * A blocking request with an {@code Authorization} header. The headers are a copy: who
 * sends the same request again, an interceptor that retries, must find it as it was.
 */
final class AuthorizedHttpRequest extends HttpRequestWrapper {

	private final HttpHeaders headers = new HttpHeaders();

	private final String authorization;

	/**
	 * Create a request.
	 * @param request the request
	 * @param authorization the {@code Authorization} header
	 * @param proof the {@code DPoP} header, or {@code null} for none
	 */
	AuthorizedHttpRequest(HttpRequest request, String authorization, @Nullable String proof) {
		super(request);
		this.authorization = authorization;
		this.headers.putAll(request.getHeaders());
		this.headers.set(HttpHeaders.AUTHORIZATION, authorization);
		if (proof != null) {
			this.headers.set(ProofOfPossession.DPOP, proof);
		}
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.headers;
	}

	/**
	 * Tell whether an interceptor further down has changed what the token is sent in.
	 */
	boolean isTokenReplaced() {
		return !this.authorization.equals(this.headers.getFirst(HttpHeaders.AUTHORIZATION));
	}

}
