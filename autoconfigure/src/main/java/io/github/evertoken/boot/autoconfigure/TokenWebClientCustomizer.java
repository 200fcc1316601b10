package io.github.evertoken.boot.autoconfigure;

import java.util.function.Supplier;

import io.github.evertoken.web.TokenExchangeFilterFunction;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Adds the filter to every {@code WebClient.Builder} that Spring Boot makes.
 * <p>
 * The filter is looked up at the first request, and not when a builder is made: a
 * {@link io.github.evertoken.TokenIssuer} bean may well take a builder, and the filter
 * needs that issuer.
 */
final class TokenWebClientCustomizer implements WebClientCustomizer {

	private final ExchangeFilterFunction filter;

	TokenWebClientCustomizer(ObjectProvider<TokenExchangeFilterFunction> provider) {
		Supplier<TokenExchangeFilterFunction> filter = SingletonSupplier.of(provider::getObject);
		this.filter = (request, next) -> filter.get().filter(request, next);
	}

	@Override
	public void customize(WebClient.Builder builder) {
		builder.filter(this.filter);
	}

}
