package io.github.evertoken.boot.autoconfigure.web;

import io.github.evertoken.web.TokenExchangeFilterFunction;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Adds the filter to every {@code WebClient.Builder} that Spring Boot makes.
 * <p>
 * The filter is looked up at the first request, and not when a builder is made: a
 * {@link io.github.evertoken.TokenIssuer} bean may well take a builder, and the filter
 * needs that issuer.
 */
final class TokenWebClientCustomizer implements WebClientCustomizer {

	private final TokenExchangeFilterFunction filter;

	TokenWebClientCustomizer(ObjectProvider<TokenExchangeFilterFunction> provider) {
		this.filter = TokenExchangeFilterFunction.deferred(provider::getObject);
	}

	@Override
	public void customize(WebClient.Builder builder) {
		builder.filter(this.filter);
	}

}
