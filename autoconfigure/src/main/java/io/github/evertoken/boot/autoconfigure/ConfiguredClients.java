package io.github.evertoken.boot.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.web.ClientSelector;

/**
 * What the properties say of all clients, checked and complete.
 *
 * @param clients the properties of each client, complete with what its registration says
 * @param settings how the tokens of each client live
 * @param selector which requests each client belongs to
 * @param resolving those clients whose subjects are resolved
 * @param loggingIn those clients whose subjects are the principals of Spring Security's
 * logins
 * @param onBehalf those clients that show the token with which the service was called
 */
record ConfiguredClients(Map<String, ClientProperties> clients, List<ClientSettings> settings, ClientSelector selector,
		Set<String> resolving, Set<String> loggingIn, Set<String> onBehalf) {

}
