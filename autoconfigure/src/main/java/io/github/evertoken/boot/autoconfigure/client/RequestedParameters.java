package io.github.evertoken.boot.autoconfigure.client;

import java.net.URI;
import java.util.List;
import java.util.Set;

import io.github.evertoken.TokenParameters;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.diagnostics.Urls;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;

/**
 * Gathers what a client asks the token endpoint for.
 */
final class RequestedParameters {

	private RequestedParameters() {
	}

	static TokenParameters of(ClientProperties client, ConfigurationProblems.OfClient problems) {
		TokenParameters.Builder parameters = TokenParameters.builder();
		problems.check("scope", () -> scope(client.scope(), parameters));
		problems.check("audience", () -> parameters.audience(client.audience()));
		problems.check("resource", () -> parameters.resource(uris(client.resource())));
		String details = client.authorizationDetails();
		if (details != null) {
			problems.check("authorization-details", () -> parameters.authorizationDetails(details));
		}
		Set<String> named = parameters.build().form().keySet();
		client.parameters().forEach((name, value) -> {
			if (named.contains(name)) {
				problems.add("parameters." + name, "must not be set beside " + problems.name(name.replace('_', '-')));
			}
			else {
				problems.check("parameters", () -> parameters.parameter(name, value));
			}
		});
		client.headers().forEach((name, value) -> problems.check("headers", () -> parameters.header(name, value)));
		return parameters.build();
	}

	private static TokenParameters.Builder scope(List<String> scope, TokenParameters.Builder parameters) {
		try {
			return parameters.scope(scope);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(ex.getMessage() + "; write several as a list, or separated by commas");
		}
	}

	private static List<URI> uris(List<String> uris) {
		return uris.stream().map(Urls::parse).toList();
	}

}
