package io.github.evertoken.grpc;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.client.GlobalClientInterceptor;

/**
 * The interceptor of all channels that Spring gRPC makes.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(GlobalClientInterceptor.class)
@ConditionalOnBooleanProperty(name = "evertoken.apply-to-grpc-channels", matchIfMissing = true)
class SpringChannelConfiguration {

	/**
	 * The last interceptor is the innermost: a retry of another one is a call of its own.
	 */
	@Bean
	@GlobalClientInterceptor
	@Order(Ordered.LOWEST_PRECEDENCE)
	@ConditionalOnMissingBean
	TokenClientInterceptor evertokenClientInterceptor(TokenCallCredentials credentials) {
		return new TokenClientInterceptor(credentials);
	}

}
