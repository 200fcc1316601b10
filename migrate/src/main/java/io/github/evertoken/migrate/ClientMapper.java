package io.github.evertoken.migrate;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Says in the properties of Evertoken what a registration says. What is missing is a
 * comment, whose key begins with {@code #}.
 */
final class ClientMapper {

	private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

	private final boolean jwtResourceServer;

	/**
	 * Map registrations.
	 * @param jwtResourceServer whether the application is called with JWTs
	 */
	ClientMapper(boolean jwtResourceServer) {
		this.jwtResourceServer = jwtResourceServer;
	}

	/**
	 * Return the properties of a client that needs no registration any more.
	 */
	Map<String, Object> client(EffectiveRegistration registration) {
		Map<String, Object> client = new LinkedHashMap<>();
		String grant = registration.evertokenGrant();
		String method = registration.authenticationMethod();
		put(client, "issuer-uri", registration.issuerUri());
		put(client, "token-uri", registration.tokenUri());
		put(client, "grant-type", "client_credentials".equals(grant) ? null : grant);
		if (registration.clientId() != null) {
			client.put("client-id", registration.clientId());
		}
		else {
			client.put("#client-id", "client-id: no file says it");
		}
		if (isSecret(method)) {
			if (registration.clientSecret() != null) {
				client.put("client-secret", registration.clientSecret());
			}
			else {
				client.put("#client-secret", "client-secret: no file says it");
			}
		}
		put(client, "client-authentication-method", "client_secret_basic".equals(method) ? null : method);
		if ("private_key_jwt".equals(method)) {
			client.put("#client-assertion", "client-assertion.key-location: the file with the private key");
		}
		else if (isMutualTls(method)) {
			client.put("#ssl", "ssl.bundle: the bundle with the certificate of the client");
		}
		put(client, "scope", registration.scope().isEmpty() ? null : registration.scope());
		if ("token_exchange".equals(grant) && this.jwtResourceServer) {
			client.put("subject-token", Map.of("type", JWT));
		}
		return client;
	}

	/**
	 * Tell whether the client's secret is of use to a method.
	 */
	static boolean isSecret(@Nullable String method) {
		return method == null || method.startsWith("client_secret_") || method.startsWith("${");
	}

	static boolean isMutualTls(@Nullable String method) {
		return "tls_client_auth".equals(method) || "self_signed_tls_client_auth".equals(method);
	}

	private static void put(Map<String, Object> client, String property, @Nullable Object value) {
		if (value != null) {
			client.put(property, value);
		}
	}

}
