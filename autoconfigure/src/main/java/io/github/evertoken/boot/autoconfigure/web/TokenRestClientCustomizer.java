package io.github.evertoken.boot.autoconfigure.web;

import io.github.evertoken.web.TokenExchangeInterceptor;

import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.web.client.RestClient;

/**
 * Adds the interceptor to every {@code RestClient.Builder} that Spring Boot makes, those
 * of HTTP service groups among them.
 */
final class TokenRestClientCustomizer implements RestClientCustomizer {

	private final TokenExchangeInterceptor interceptor;

	TokenRestClientCustomizer(TokenExchangeInterceptor interceptor) {
		this.interceptor = interceptor;
	}

	@Override
	public void customize(RestClient.Builder builder) {
		builder.requestInterceptors((interceptors) -> Interceptors.add(interceptors, this.interceptor));
	}

}
