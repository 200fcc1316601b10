package io.github.evertoken.gateway;

import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of the filters for the routes of Spring Cloud Gateway. Where
 * Evertoken is switched off, the routes stay what they are, and send no tokens.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EvertokenAutoConfiguration.class,
		afterName = "org.springframework.cloud.gateway.config.GatewayAutoConfiguration")
@ConditionalOnClass(GatewayFilterFactory.class)
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnBooleanProperty(name = "spring.cloud.gateway.server.webflux.enabled", matchIfMissing = true)
@Import({ RouteFilterConfiguration.class, RouteFilterWithoutTokensConfiguration.class })
public final class EvertokenGatewayAutoConfiguration {

}
