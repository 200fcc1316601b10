package io.github.evertoken.grpc;

import io.github.evertoken.web.TokenExchangeFilterFunction;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What an application gives its channels and calls itself. The filter is looked up at the
 * first call: what it needs may need a channel.
 */
@Configuration(proxyBeanMethods = false)
class ChannelConfiguration {

	@Bean
	@ConditionalOnMissingBean
	TokenCallCredentials evertokenCallCredentials(ObjectProvider<TokenExchangeFilterFunction> filter) {
		return new TokenCallCredentials(TokenExchangeFilterFunction.deferred(filter::getObject));
	}

	/**
	 * For those channels that are given it, where not all of them are.
	 */
	@Bean
	@ConditionalOnMissingBean
	TokenClientInterceptor evertokenChannelInterceptor(TokenCallCredentials credentials) {
		return new TokenClientInterceptor(credentials);
	}

}
