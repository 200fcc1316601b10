package io.github.evertoken.boot.autoconfigure.client;

import java.util.List;
import java.util.Map;

import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.diagnostics.Urls;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of {@code http:} URLs beyond loopback, where everybody on the way can read the
 * tokens (RFC 6750, section 5.3): once for each property, at the start.
 */
final class PlainHttpWarnings {

	private static final Logger logger = LoggerFactory.getLogger(PlainHttpWarnings.class);

	private PlainHttpWarnings() {
	}

	static void log(Map<String, ClientProperties> clients) {
		clients.forEach((name, client) -> {
			String prefix = ConfigurationProblems.prefix(name);
			warn(prefix + ".base-url", client.baseUrl());
			List<String> origins = client.origins();
			for (int i = 0; i < origins.size(); i++) {
				warn(prefix + ".origins[" + i + "]", origins.get(i));
			}
			warn(prefix + ".token-uri", client.tokenUri());
			warn(prefix + ".revocation-uri", client.revocationUri());
			warn(prefix + ".issuer-uri", client.issuerUri());
		});
	}

	private static void warn(String property, @Nullable String url) {
		if (url != null && Urls.isPlainBeyondLoopback(url)) {
			logger.warn("{} is '{}': tokens go over the network unencrypted. Use https", property,
					Urls.withoutSecrets(url));
		}
	}

}
