package io.github.evertoken.gateway;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import reactor.core.publisher.Mono;

/**
 * The filters of an application that switches Evertoken off: its routes send no tokens,
 * those of its callers neither.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "evertoken.enabled", havingValue = false)
class RouteFilterWithoutTokensConfiguration {

	@Bean
	EvertokenGatewayFilterFactory evertokenGatewayFilterFactory() {
		return new EvertokenGatewayFilterFactory(null, RouteClients.unknown());
	}

	@Bean
	EvertokenRelayGatewayFilterFactory evertokenRelayGatewayFilterFactory() {
		return new EvertokenRelayGatewayFilterFactory(null, RouteClients.unknown(), (request) -> Mono.empty());
	}

}
