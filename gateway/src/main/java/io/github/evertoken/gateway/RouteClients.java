package io.github.evertoken.gateway;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The clients that the routes may name. They are asked for when a route is made, and not
 * before: what they are made of may need what the routes need.
 */
final class RouteClients {

	private final Supplier<@Nullable Set<String>> names;

	private final String otherwise;

	/**
	 * Create clients.
	 * @param names gives their names, or {@code null} if nobody knows them
	 * @param otherwise what is wrong with any other, as a message goes on after its name
	 */
	RouteClients(Supplier<@Nullable Set<String>> names, String otherwise) {
		this.names = names;
		this.otherwise = otherwise;
	}

	/**
	 * Where Evertoken is switched off, there are none, and no route is to fail for it.
	 */
	static RouteClients unknown() {
		return new RouteClients(() -> null, "");
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
		Set<String> names = this.names.get();
		if (names == null || names.contains(client)) {
			return null;
		}
		return "names the client '" + client + "', " + this.otherwise + (names.isEmpty()
				? ": there is none of that kind" : ": of that kind there are " + new TreeSet<>(names));
	}

}
