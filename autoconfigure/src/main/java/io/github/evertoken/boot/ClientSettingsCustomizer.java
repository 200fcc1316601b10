package io.github.evertoken.boot;

import io.github.evertoken.lifecycle.ClientSettings;

/**
 * Changes how the tokens of the clients below {@code evertoken.clients} live, beyond what
 * the properties say. All beans of this type are called, in their order, for each client.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ClientSettingsCustomizer {

	/**
	 * Change the settings of one client.
	 * @param client the client's name
	 * @param settings its settings, as the properties have them
	 */
	void customize(String client, ClientSettings.Builder settings);

}
