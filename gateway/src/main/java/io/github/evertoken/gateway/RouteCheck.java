package io.github.evertoken.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.evertoken.boot.InvalidConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.support.ConfigurationService;

/**
 * Stops the start if a route among the properties names a client that it cannot have. The
 * gateway itself makes its routes when the start is over, and then only logs what is
 * wrong with one, and has no routes at all.
 */
final class RouteCheck implements SmartInitializingSingleton {

	private static final String PREFIX = GatewayProperties.PREFIX;

	private final GatewayProperties properties;

	private final ConfigurationService configuration;

	private final Map<AbstractGatewayFilterFactory<EvertokenGatewayFilterFactory.Config>, RouteClients> clients;

	private final List<String> problems = new ArrayList<>();

	/**
	 * Create a check.
	 * @param properties the routes
	 * @param configuration binds what they say of a filter
	 * @param clients which clients each filter may name
	 */
	RouteCheck(GatewayProperties properties, ConfigurationService configuration,
			Map<AbstractGatewayFilterFactory<EvertokenGatewayFilterFactory.Config>, RouteClients> clients) {
		this.properties = properties;
		this.configuration = configuration;
		this.clients = clients;
	}

	@Override
	public void afterSingletonsInstantiated() {
		check(this.properties.getDefaultFilters(), PREFIX + ".default-filters", null);
		List<RouteDefinition> routes = this.properties.getRoutes();
		for (int i = 0; i < routes.size(); i++) {
			if (routes.get(i).isEnabled()) {
				check(routes.get(i).getFilters(), PREFIX + ".routes[" + i + "].filters", routes.get(i).getId());
			}
		}
		if (!this.problems.isEmpty()) {
			throw new InvalidConfigurationException(this.problems);
		}
	}

	private void check(List<FilterDefinition> filters, String property, @Nullable String route) {
		for (int i = 0; i < filters.size(); i++) {
			FilterDefinition filter = filters.get(i);
			String name = property + "[" + i + "]" + ((route != null) ? " of the route '" + route + "'" : "");
			this.clients.forEach((factory, clients) -> {
				if (factory.name().equals(filter.getName())) {
					String problem = clients.problem(bind(factory, filter).getClient());
					if (problem != null) {
						this.problems.add(name + " " + problem);
					}
				}
			});
		}
	}

	private EvertokenGatewayFilterFactory.Config bind(
			AbstractGatewayFilterFactory<EvertokenGatewayFilterFactory.Config> factory, FilterDefinition filter) {
		return this.configuration.with(factory).name(filter.getName()).properties(filter.getArgs()).bind();
	}

}
