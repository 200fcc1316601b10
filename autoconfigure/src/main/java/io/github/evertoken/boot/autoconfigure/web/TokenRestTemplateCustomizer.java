package io.github.evertoken.boot.autoconfigure.web;

import io.github.evertoken.web.TokenExchangeInterceptor;

import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.web.client.RestTemplate;

/**
 * Adds the interceptor to every {@code RestTemplate} of Spring Boot's
 * {@code RestTemplateBuilder}.
 */
final class TokenRestTemplateCustomizer implements RestTemplateCustomizer {

	private final TokenExchangeInterceptor interceptor;

	TokenRestTemplateCustomizer(TokenExchangeInterceptor interceptor) {
		this.interceptor = interceptor;
	}

	@Override
	public void customize(RestTemplate restTemplate) {
		Interceptors.add(restTemplate.getInterceptors(), this.interceptor);
	}

}
