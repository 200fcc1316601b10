package io.github.evertoken.boot.autoconfigure.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.evertoken.boot.OutboundClient;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.diagnostics.Urls;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds {@code http:} URLs beyond loopback, where everybody on the way can read the
 * tokens (RFC 6750, section 5.3).
 */
final class PlainHttpUrls {

	private static final Logger logger = LoggerFactory.getLogger(PlainHttpUrls.class);

	private final Map<String, String> urls = new LinkedHashMap<>();

	private PlainHttpUrls() {
	}

	/**
	 * Return such URLs of a client by the names of their properties.
	 * @param ofGroups those that it has from its groups of HTTP services
	 */
	static Map<String, String> of(String name, ClientProperties client, Map<String, String> ofGroups) {
		PlainHttpUrls plain = new PlainHttpUrls();
		String prefix = ConfigurationProblems.prefix(name);
		plain.add(prefix + ".base-url", client.baseUrl());
		List<String> origins = client.origins();
		for (int i = 0; i < origins.size(); i++) {
			plain.add(prefix + ".origins[" + i + "]", origins.get(i));
		}
		ofGroups.forEach(plain::add);
		plain.add(prefix + ".token-uri", client.tokenUri());
		plain.add(prefix + ".revocation-uri", client.revocationUri());
		plain.add(prefix + ".issuer-uri", client.issuerUri());
		return plain.urls;
	}

	/**
	 * Return such base URLs of a client that is a bean. Where its tokens come from is not
	 * known.
	 */
	static Map<String, String> of(String name, List<OutboundClient> beans) {
		PlainHttpUrls plain = new PlainHttpUrls();
		beans.stream()
			.filter((bean) -> bean.name().equals(name))
			.flatMap((bean) -> bean.baseUrls().stream())
			.forEach((url) -> plain.add("the base URL of the OutboundClient bean '" + name + "'", url));
		return plain.urls;
	}

	/**
	 * Warn of each, once, at the start.
	 */
	static void warn(Map<String, ClientProperties> clients, Map<String, Map<String, String>> ofGroups,
			List<OutboundClient> beans) {
		clients.forEach((name, client) -> warn(of(name, client, ofGroups.getOrDefault(name, Map.of()))));
		beans.forEach((bean) -> warn(of(bean.name(), beans)));
	}

	private static void warn(Map<String, String> urls) {
		urls.forEach((property, url) -> logger.warn("{} is '{}': tokens go over the network unencrypted. Use https",
				property, Urls.withoutSecrets(url)));
	}

	private void add(String property, @Nullable String url) {
		if (url != null && Urls.isPlainBeyondLoopback(url)) {
			this.urls.put(property, url);
		}
	}

}
