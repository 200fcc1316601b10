package io.github.evertoken.web;

import io.github.evertoken.AccessToken;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * A view of a request with an {@code Authorization} header.
 */
final class AuthorizedRequest extends RequestView {

	private final String authorization;

	private AuthorizedRequest(ClientRequest request, String authorization, @Nullable BodyWatch watch) {
		super(request, watch);
		this.authorization = authorization;
	}

	static ClientRequest of(ClientRequest request, AccessToken token) {
		return new AuthorizedRequest(request, token.headerValue(), null);
	}

	/**
	 * Return the view for a second attempt, whose body is watched.
	 */
	static ClientRequest onceMore(ClientRequest request, AccessToken token, BodyWatch watch) {
		return new AuthorizedRequest(request, token.headerValue(), watch);
	}

	@Override
	void set(HttpHeaders headers) {
		headers.set(HttpHeaders.AUTHORIZATION, this.authorization);
	}

}
