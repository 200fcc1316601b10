package io.github.evertoken.gateway;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The clients that the routes may name. They are asked for when a route is made, and not
 * before: what they are made of may need what the routes need.
 */
final class RouteClients {

	private final Function<String, @Nullable String> problem;

	/**
	 * Create clients.
	 * @param problem says what is wrong with a name, as a message goes on after it, or
	 * gives {@code null} if a route may name it
	 */
	RouteClients(Function<String, @Nullable String> problem) {
		this.problem = problem;
	}

	/**
	 * Where Evertoken is switched off, there are none, and no route is to fail for it.
	 */
	static RouteClients unknown() {
		return new RouteClients((name) -> null);
	}

	/**
	 * Require that a route names one of the clients.
	 * @throws IllegalArgumentException if it does not, with a message that says which
	 * route it is
	 */
	void check(EvertokenGatewayFilterFactory.Config config, String filter) {
		String problem = problem(config.getClient());
		if (problem != null) {
			throw new IllegalArgumentException("The filter " + filter
					+ ((config.getRouteId() != null) ? " of the route '" + config.getRouteId() + "'" : "") + " "
					+ problem);
		}
	}

	/**
	 * Return what is wrong with a name, as a message goes on after the filter, or
	 * {@code null}.
	 */
	@Nullable String problem(@Nullable String client) {
		if (client == null || client.isBlank()) {
			return "names no client: write it behind an equals sign, or as 'client' below 'args'";
		}
		String problem = this.problem.apply(client);
		return (problem != null) ? "names the client '" + client + "', " + problem : null;
	}

}
