package io.github.evertoken.boot.autoconfigure.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.github.evertoken.boot.OutboundClient;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.WorstHealth;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.web.ClientSelector;
import org.jspecify.annotations.Nullable;

/**
 * What the properties and beans say of all clients, checked and complete.
 *
 * @param clients the properties of each client, complete with what its registration says
 * @param beans the clients that are beans
 * @param settings how the tokens of each client live
 * @param selector which requests each client belongs to
 * @param groupUrls the base URLs that each client has from its groups of HTTP services,
 * by the names of their properties
 * @param resolving those clients whose subjects are resolved
 * @param loggingIn those clients whose subjects are the principals of Spring Security's
 * logins
 * @param onBehalf those clients that show the token with which the service was called
 * @param dpop what binds the tokens of clients to a key
 * @param store where the token sets of clients rest that have no store of their own,
 * {@code null} for the memory of the manager
 * @param contracts finds the beans that are for one client or for all
 */
public record ConfiguredClients(Map<String, ClientProperties> clients, List<OutboundClient> beans,
		List<ClientSettings> settings, ClientSelector selector, Map<String, Map<String, String>> groupUrls,
		Set<String> resolving, Set<String> loggingIn, Set<String> onBehalf, Map<String, DpopProofs> dpop,
		@Nullable TokenStore store, ClientBeans contracts) {

	private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

	/**
	 * Return when the first token of each client is obtained.
	 */
	public Map<String, ClientStart> starts() {
		Map<String, ClientStart> starts = new LinkedHashMap<>();
		this.clients
			.forEach((name, client) -> starts.put(name, new ClientStart(client.start(), client.startTimeout())));
		this.beans.forEach((client) -> starts.put(client.name(), new ClientStart(client.start(), START_TIMEOUT)));
		return starts;
	}

	/**
	 * Return the names of those clients whose tokens are revoked at the end.
	 */
	public Set<String> revokedOnShutdown() {
		Set<String> revoked = new TreeSet<>();
		this.clients.forEach((name, client) -> {
			if (client.revokeOnShutdown()) {
				revoked.add(name);
			}
		});
		this.beans.stream().filter(OutboundClient::revokeOnShutdown).map(OutboundClient::name).forEach(revoked::add);
		return revoked;
	}

	/**
	 * Return the base URLs that a client has from its groups of HTTP services, by the
	 * names of their properties.
	 */
	public Map<String, String> ofGroups(String client) {
		return this.groupUrls.getOrDefault(client, Map.of());
	}

	/**
	 * Return the properties of a client whose {@code http:} URL can be read by whoever is
	 * on its way, by their full names.
	 */
	public List<String> plainHttp(String client) {
		ClientProperties properties = this.clients.get(client);
		return ((properties != null) ? PlainHttpUrls.of(client, properties, ofGroups(client))
				: PlainHttpUrls.of(client, this.beans))
			.keySet()
			.stream()
			.toList();
	}

	/**
	 * Return what the health of a client may be at worst. A client whose tokens are all
	 * obtained on behalf of somebody has no use for a key of its own: who calls without a
	 * subject gets an error, and no pager is to ring.
	 */
	public WorstHealth worstHealth(String client) {
		ClientProperties properties = this.clients.get(client);
		WorstHealth set = (properties != null) ? properties.health() : null;
		boolean subjectsOnly = this.onBehalf.contains(client) || this.loggingIn.contains(client);
		return (set != null) ? set : (subjectsOnly ? WorstHealth.UP : WorstHealth.DOWN);
	}

	/**
	 * No more than their number: what the clients prove who they are with is in them.
	 */
	@Override
	public String toString() {
		return "ConfiguredClients[" + this.settings.size() + "]";
	}

}
