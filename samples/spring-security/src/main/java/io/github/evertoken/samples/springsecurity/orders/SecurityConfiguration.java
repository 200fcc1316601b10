package io.github.evertoken.samples.springsecurity.orders;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.util.matcher.PathPatternParserServerWebExchangeMatcher;

/**
 * Who may see what: nothing here is Evertoken's.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

	/**
	 * The inventory, which would be a service of its own elsewhere.
	 */
	@Bean
	@Order(1)
	SecurityWebFilterChain inventory(ServerHttpSecurity http) {
		return http.securityMatcher(new PathPatternParserServerWebExchangeMatcher("/inventory/**"))
			.authorizeExchange((exchange) -> exchange.anyExchange().authenticated())
			.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
			.build();
	}

	@Bean
	@Order(2)
	SecurityWebFilterChain orders(ServerHttpSecurity http) {
		return http
			.authorizeExchange(
					(exchange) -> exchange.pathMatchers("/service/**").permitAll().anyExchange().authenticated())
			.oauth2Login(Customizer.withDefaults())
			.build();
	}

}
