package io.github.evertoken.boot.autoconfigure;

import java.util.List;

import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.web.ClientSelector;

/**
 * What the properties say of all clients, checked and complete.
 *
 * @param settings how the tokens of each client live
 * @param selector which requests each client belongs to
 */
record ConfiguredClients(List<ClientSettings> settings, ClientSelector selector) {

}
