package io.github.evertoken.test.server;

import java.net.URLDecoder;
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
 * 2.2). It proves that once. Whoever uses it holds the server's lock.
 */
final class ClientRegistry {

	private static final String INVALID = "invalid_client";

	private static final String JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

	/**
	 * OAuth SPIFFE Client Authentication (a draft), section 3.
	 */
	private static final String SVID = "urn:ietf:params:oauth:client-assertion-type:jwt-spiffe";

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
	RegisteredClient authenticate(HttpRequest request, Map<String, String> parameters) throws Refusal {
		Map<String, String> form = withValues(parameters);
		Refusal.unless(proofs(request, form) <= 1, "invalid_request", "A client authenticates in one way alone");
		RegisteredClient client = client(request, form);
		String named = form.get("client_id");
		Refusal.unless(named == null || named.equals(client.id()), INVALID,
				"The client_id is another than that of client '" + client.id() + "', who has authenticated");
		return client;
	}

	/**
	 * Tell whether a request does not say which client it is of.
	 */
	boolean isOfNobody(HttpRequest request, Map<String, String> parameters) {
		Map<String, String> form = withValues(parameters);
		return proofs(request, form) == 0 && !form.containsKey("client_id");
	}

	/**
	 * RFC 6749, section 3.2: a parameter without a value counts as none.
	 */
	private static Map<String, String> withValues(Map<String, String> parameters) {
		Map<String, String> form = new LinkedHashMap<>(parameters);
		form.values().removeIf(String::isEmpty);
		return form;
	}

	private static int proofs(HttpRequest request, Map<String, String> form) {
		return request.all("Authorization").size() + (form.containsKey("client_secret") ? 1 : 0)
				+ (form.containsKey("client_assertion") ? 1 : 0);
	}

	/**
	 * Return whom a JWT names as its issuer, whether or not that is true.
	 * @throws Refusal if it is nobody who is registered
	 */
	RegisteredClient issuer(String jwt, String error) throws Refusal {
		String issuer = claims(ClientAssertions.parse(jwt, error), error).getIssuer();
		RegisteredClient client = (issuer != null) ? this.clients.get(issuer) : null;
		if (client == null) {
			throw new Refusal(error, "The iss of the assertion is '" + issuer + "', and no client");
		}
		return client;
	}

	private RegisteredClient client(HttpRequest request, Map<String, String> form) throws Refusal {
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
		RegisteredClient client = registered(plain(idAndSecret[0]));
		Refusal.unless(plain(idAndSecret[1]).equals(client.secret()), INVALID,
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

	private static String plain(String encoded) throws Refusal {
		try {
			return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw new Refusal(INVALID, "Credentials of Basic are encoded as those in a form are");
		}
	}

	private RegisteredClient signed(Map<String, String> form) throws Refusal {
		boolean svid = SVID.equals(form.get("client_assertion_type"));
		Refusal.unless(svid || JWT.equals(form.get("client_assertion_type")), INVALID,
				"The client_assertion_type is unknown");
		SignedJWT assertion = ClientAssertions.parse(form.getOrDefault("client_assertion", ""), INVALID);
		RegisteredClient client = registered(claims(assertion, INVALID).getSubject());
		if (svid) {
			this.assertions.checkSvid(assertion, client, INVALID);
			return client;
		}
		JWTClaimsSet claims = this.assertions.check(assertion, client, INVALID);
		// OpenID Connect Core 1.0, section 9, demands it, unlike RFC 7523.
		Refusal.unless(claims.getJWTID() != null, INVALID, "The assertion has no jti");
		return client;
	}

	private static JWTClaimsSet claims(SignedJWT jwt, String error) throws Refusal {
		try {
			return jwt.getJWTClaimsSet();
		}
		catch (ParseException ex) {
			throw new Refusal(error, "The assertion has no claims");
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
