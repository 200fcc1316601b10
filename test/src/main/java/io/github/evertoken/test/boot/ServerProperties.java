package io.github.evertoken.test.boot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.evertoken.test.server.AuthorizationServer;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertyResolver;

/**
 * What the properties of one client are, so that it comes to a server: by the same way as
 * without a test, with the metadata or without, and with its own kind of authentication.
 *
 * @param server the server
 * @param client the client, by the name that it has at the server too
 */
record ServerProperties(AuthorizationServer server, String client) {

	private static final String SECRET = "client_secret";

	private static final Pattern PLAIN = Pattern.compile("[a-z0-9-]+");

	/**
	 * Return the properties, by their full names.
	 * @param environment those of the application
	 */
	Map<String, Object> in(Environment environment) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put(name("base-url"), this.server.resourceUri());
		groups(environment)
			.forEach(
					(group) -> properties.put(
							"spring.http.serviceclient"
									+ (PLAIN.matcher(group).matches() ? "." + group : "[" + group + "]") + ".base-url",
							this.server.resourceUri()));
		if (environment.containsProperty(name("issuer-uri"))) {
			properties.put(name("issuer-uri"), this.server.issuer());
		}
		if (!environment.containsProperty(name("issuer-uri")) || environment.containsProperty(name("token-uri"))) {
			properties.put(name("token-uri"), this.server.tokenUri());
		}
		if (environment.containsProperty(name("revocation-uri"))) {
			properties.put(name("revocation-uri"), this.server.revocationUri());
		}
		properties.put(name("client-id"), this.client);
		if (hasSecret(environment)) {
			properties.put(name("client-secret"), this.server.clientSecret(this.client));
			properties.put(name("client-secret-location"), "");
		}
		if (hasRefreshToken(environment)) {
			properties.put(name("refresh-token"), this.server.newSession(this.client, this.client));
		}
		return properties;
	}

	/**
	 * Return the groups of HTTP services whose requests carry tokens of the client: they
	 * have to go where these may go.
	 */
	private List<String> groups(Environment environment) {
		String name = name("http-service-groups");
		return ConfigurationPropertyName.isValid(name)
				? Binder.get(environment).bind(name, Bindable.listOf(String.class)).orElse(List.of()) : List.of();
	}

	boolean hasRefreshToken(PropertyResolver environment) {
		return environment.containsProperty(name("refresh-token"));
	}

	private boolean hasSecret(PropertyResolver environment) {
		String method = environment.getProperty(name("client-authentication-method"), SECRET);
		return method.replace('-', '_').toLowerCase(java.util.Locale.ROOT).startsWith(SECRET);
	}

	private String name(String property) {
		return "evertoken.clients." + this.client + "." + property;
	}

}
