package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenManager;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;

/**
 * The health of all clients. It looks at what is known, and never asks an issuer: any
 * number of probes costs nobody anything.
 */
final class TokenHealthContributor implements CompositeHealthContributor {

	private final Map<String, ClientHealthIndicator> clients;

	private TokenHealthContributor(Map<String, ClientHealthIndicator> clients) {
		this.clients = Collections.unmodifiableMap(clients);
	}

	/**
	 * Create the health of a manager's clients. A manager of the application's own, which
	 * leads to none of Evertoken's, has none to show.
	 */
	static TokenHealthContributor of(TokenManager manager, ConfiguredClients configured) {
		Map<String, ClientHealthIndicator> clients = new TreeMap<>();
		DefaultTokenManager behind = DelegatingTokenManager.find(manager, DefaultTokenManager.class);
		if (behind != null) {
			behind.clients()
				.forEach((client) -> clients.put(client, new ClientHealthIndicator(() -> behind.status(client),
						configured.worstHealth(client), ClientSecrets.redactor(configured.clients().get(client)))));
		}
		return new TokenHealthContributor(clients);
	}

	@Override
	public @Nullable HealthContributor getContributor(String name) {
		return this.clients.get(name);
	}

	@Override
	public Stream<Entry> stream() {
		return this.clients.entrySet().stream().map((client) -> new Entry(client.getKey(), client.getValue()));
	}

}
