package io.github.evertoken.gateway;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.boot.OutboundClient;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.web.SubjectTokenResolver;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.util.ClassUtils;

/**
 * The filters, and the check of the routes that name them.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "evertoken.enabled", matchIfMissing = true)
@ImportRuntimeHints(RouteRuntimeHints.class)
class RouteFilterConfiguration {

	private static final boolean SECURITY = Stream.of(RouteRuntimeHints.OF_SECURITY)
		.allMatch((type) -> ClassUtils.isPresent(type, RouteFilterConfiguration.class.getClassLoader()));

	@Bean
	EvertokenGatewayFilterFactory evertokenGatewayFilterFactory(ObjectProvider<TokenExchangeFilterFunction> filter,
			ObjectProvider<ConfiguredClients> clients) {
		return new EvertokenGatewayFilterFactory(TokenExchangeFilterFunction.deferred(filter::getObject), all(clients));
	}

	@Bean
	EvertokenRelayGatewayFilterFactory evertokenRelayGatewayFilterFactory(
			ObjectProvider<TokenExchangeFilterFunction> filter, ObjectProvider<ConfiguredClients> clients) {
		return new EvertokenRelayGatewayFilterFactory(TokenExchangeFilterFunction.deferred(filter::getObject),
				onBehalf(clients), SECURITY ? SubjectTokenResolver.securityContext() : (request) -> Mono.empty());
	}

	@Bean
	@ConditionalOnBean(GatewayProperties.class)
	RouteCheck evertokenRouteCheck(GatewayProperties properties, ConfigurationService configuration,
			EvertokenGatewayFilterFactory filter, EvertokenRelayGatewayFilterFactory relay,
			ObjectProvider<ConfiguredClients> clients) {
		return new RouteCheck(properties, configuration, Map.of(filter, all(clients), relay, onBehalf(clients)));
	}

	private static RouteClients all(ObjectProvider<ConfiguredClients> clients) {
		return clients(clients, "which is not configured",
				(configured) -> configured.settings().stream().map(ClientSettings::name).collect(Collectors.toSet()));
	}

	/**
	 * Of a client with an issuer that is a bean, nobody but that knows what it makes of a
	 * subject token.
	 */
	private static RouteClients onBehalf(ObjectProvider<ConfiguredClients> clients) {
		return clients(clients,
				"which does not exchange the token of a caller (its grant-type is neither 'token_exchange'"
						+ " nor 'jwt_bearer', or it has a token or an assertion of its own)",
				(configured) -> Stream
					.of(configured.onBehalf().stream(), configured.beans().stream().map(OutboundClient::name),
							configured.clients()
								.keySet()
								.stream()
								.filter((name) -> configured.contracts().own(TokenIssuer.class, name) != null))
					.flatMap((names) -> names)
					.collect(Collectors.toSet()));
	}

	private static RouteClients clients(ObjectProvider<ConfiguredClients> clients, String otherwise,
			Function<ConfiguredClients, Set<String>> names) {
		return new RouteClients(() -> names.apply(clients.getObject()), otherwise);
	}

}
