package io.github.evertoken.test.server;

import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.jspecify.annotations.Nullable;

/**
 * Who is registered, and who proves to be it: with HTTP Basic, in the form, with a signed
 * JWT, or not at all if the client is public (RFC 6749, section 2.3; RFC 7523, section
 * 2.2). Whoever uses it holds the server's lock.
 */
final class ClientRegistry {

	private static final String INVALID = "invalid_client";

	private static final String JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

	private final Map<String, RegisteredClient> clients = new LinkedHashMap<>();

	private final ClientAssertions assertions;

	ClientRegistry(ClientAssertions assertions) {
		this.assertions = assertions;
	}

	void register(RegisteredClient client) {
		this.clients.put(client.id(), client);
	}

	@Nullable RegisteredClient find(String id) {
		return this.clients.get(id);
	}

	Set<String> ids() {
		return this.clients.keySet();
	}

	/**
	 * Find out who sends a request.
	 * @throws Refusal if it is nobody who is registered, or does not prove it
	 */
	RegisteredClient authenticate(HttpRequest request, Map<String, String> form) throws Refusal {
		String authorization = request.first("Authorization");
		if (authorization != null) {
			Refusal.unless(authorization.regionMatches(true, 0, "Basic ", 0, "Basic ".length()), INVALID,
					"Clients authenticate with Basic, or in the form");
			return basic(authorization.substring("Basic ".length()).trim());
		}
		if (form.containsKey("client_assertion")) {
			return signed(form);
		}
		RegisteredClient client = registered(form.get("client_id"));
		String secret = form.get("client_secret");
		Refusal.unless((secret != null) ? secret.equals(client.secret()) : client.isPublic(), INVALID,
				(secret != null) ? "The secret of client '" + client.id() + "' is wrong"
						: "Client '" + client.id() + "' is not public, and proves nothing");
		return client;
	}

	private RegisteredClient basic(String credentials) throws Refusal {
		String[] idAndSecret = decoded(credentials).split(":", 2);
		Refusal.unless(idAndSecret.length == 2, INVALID, "These are no credentials of Basic");
		RegisteredClient client = registered(HttpRequest.decode(idAndSecret[0]));
		Refusal.unless(HttpRequest.decode(idAndSecret[1]).equals(client.secret()), INVALID,
				"The secret of client '" + client.id() + "' is wrong");
		return client;
	}

	private static String decoded(String credentials) {
		try {
			return new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return "";
		}
	}

	private RegisteredClient signed(Map<String, String> form) throws Refusal {
		Refusal.unless(JWT.equals(form.get("client_assertion_type")), INVALID, "The client_assertion_type is unknown");
		SignedJWT assertion = ClientAssertions.parse(form.getOrDefault("client_assertion", ""), INVALID);
		RegisteredClient client = registered(subject(assertion));
		JWTClaimsSet claims = this.assertions.check(assertion, client, INVALID);
		Refusal.unless(client.id().equals(claims.getIssuer()), INVALID, "The iss of the assertion is not its sub");
		return client;
	}

	private static @Nullable String subject(SignedJWT jwt) {
		try {
			return jwt.getJWTClaimsSet().getSubject();
		}
		catch (ParseException ex) {
			return null;
		}
	}

	private RegisteredClient registered(@Nullable String id) throws Refusal {
		RegisteredClient client = (id != null) ? this.clients.get(id) : null;
		if (client == null) {
			throw new Refusal(INVALID, (id != null) ? "There is no client '" + id + "', only " + this.clients.keySet()
					: "There is no client_id");
		}
		return client;
	}

}
