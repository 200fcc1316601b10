package io.github.evertoken.gateway;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.boot.OutboundClient;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.web.SubjectTokenResolver;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import org.jspecify.annotations.Nullable;
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
		return new EvertokenGatewayFilterFactory(TokenExchangeFilterFunction.deferred(filter::getObject),
				all(filter, clients));
	}

	@Bean
	EvertokenRelayGatewayFilterFactory evertokenRelayGatewayFilterFactory(
			ObjectProvider<TokenExchangeFilterFunction> filter, ObjectProvider<ConfiguredClients> clients) {
		return new EvertokenRelayGatewayFilterFactory(TokenExchangeFilterFunction.deferred(filter::getObject),
				onBehalf(filter, clients),
				SECURITY ? SubjectTokenResolver.securityContext() : (request) -> Mono.empty());
	}

	@Bean
	static RoutedWebSocketClientPostProcessor evertokenRoutedWebSocketClientPostProcessor() {
		return new RoutedWebSocketClientPostProcessor();
	}

	@Bean
	@ConditionalOnBean(GatewayProperties.class)
	RouteCheck evertokenRouteCheck(GatewayProperties properties, ConfigurationService configuration,
			EvertokenGatewayFilterFactory plain, EvertokenRelayGatewayFilterFactory relay,
			ObjectProvider<TokenExchangeFilterFunction> filter, ObjectProvider<ConfiguredClients> clients) {
		return new RouteCheck(properties, configuration,
				Map.of(plain, all(filter, clients), relay, onBehalf(filter, clients)));
	}

	private static RouteClients all(ObjectProvider<TokenExchangeFilterFunction> filter,
			ObjectProvider<ConfiguredClients> clients) {
		return new RouteClients((name) -> unknown(name, filter.getObject(), clients.getObject()));
	}

	private static RouteClients onBehalf(ObjectProvider<TokenExchangeFilterFunction> filter,
			ObjectProvider<ConfiguredClients> clients) {
		return new RouteClients((name) -> {
			String unknown = unknown(name, filter.getObject(), clients.getObject());
			return (unknown != null) ? unknown : unfit(name, clients.getObject());
		});
	}

	/**
	 * The filter sends the tokens of the clients that are configured, unless it is the
	 * application's own.
	 */
	private static @Nullable String unknown(String name, TokenExchangeFilterFunction filter,
			ConfiguredClients configured) {
		if (filter.clients().contains(name)) {
			return null;
		}
		Set<String> settings = configured.settings().stream().map(ClientSettings::name).collect(Collectors.toSet());
		return (settings.equals(filter.clients()) ? "which is not configured"
				: "which the TokenExchangeFilterFunction of the application does not know") + list(filter.clients());
	}

	/**
	 * Of a client that is not configured, or has an issuer that is a bean, nobody but
	 * that knows what it makes of a subject token.
	 */
	private static @Nullable String unfit(String name, ConfiguredClients configured) {
		if (!configured.clients().containsKey(name) || configured.onBehalf().contains(name)
				|| hasOwnIssuer(configured, name)) {
			return null;
		}
		return "which does not exchange the token of a caller (its grant-type is neither 'token_exchange'"
				+ " nor 'jwt_bearer', or it has a token or an assertion of its own)"
				+ list(Stream
					.of(configured.onBehalf().stream(), configured.beans().stream().map(OutboundClient::name),
							configured.clients().keySet().stream().filter((each) -> hasOwnIssuer(configured, each)))
					.flatMap((names) -> names)
					.collect(Collectors.toSet()));
	}

	private static boolean hasOwnIssuer(ConfiguredClients configured, String name) {
		return configured.contracts().own(TokenIssuer.class, name) != null;
	}

	private static String list(Set<String> names) {
		return names.isEmpty() ? ": there is none of that kind" : ": of that kind there are " + new TreeSet<>(names);
	}

}
