package io.github.evertoken.boot.autoconfigure.web;

import java.util.List;

import io.github.evertoken.web.TokenExchangeInterceptor;

import org.springframework.http.client.ClientHttpRequestInterceptor;

/**
 * The place of the interceptor among others.
 */
final class Interceptors {

	private Interceptors() {
	}

	/**
	 * Add the interceptor as the innermost, unless there is one: a {@code RestClient}
	 * that is made from a {@code RestTemplate} has its interceptors.
	 */
	static void add(List<ClientHttpRequestInterceptor> interceptors, TokenExchangeInterceptor own) {
		if (interceptors.stream().noneMatch(TokenExchangeInterceptor.class::isInstance)) {
			interceptors.add(own);
		}
	}

}
