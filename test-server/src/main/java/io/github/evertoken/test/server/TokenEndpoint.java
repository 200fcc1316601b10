package io.github.evertoken.test.server;

import java.text.ParseException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import com.nimbusds.jwt.SignedJWT;
import org.jspecify.annotations.Nullable;

/**
 * Issues tokens (RFC 6749, sections 4.4 and 6; RFC 7523, section 2.1; RFC 8693). Whoever
 * uses it holds the server's lock.
 */
final class TokenEndpoint {

	static final String CLIENT_CREDENTIALS = "client_credentials";

	static final String REFRESH_TOKEN = "refresh_token";

	static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

	static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

	private static final String INVALID_REQUEST = "invalid_request";

	private static final String INVALID_GRANT = "invalid_grant";

	private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

	private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

	private final ServerState state;

	TokenEndpoint(ServerState state) {
		this.state = state;
	}

	HttpAnswer answer(HttpRequest request, RequestNotes notes) {
		if (!request.method().equals("POST")) {
			return HttpAnswer.empty(405).with("Allow", "POST");
		}
		Map<String, String> form = request.isForm() ? request.form() : Map.of();
		notes.parameters = form;
		try {
			Refusal.unless(!form.isEmpty(), INVALID_REQUEST, "A token request is a form");
			checkRepetition(request);
			RegisteredClient client = client(request, form, notes);
			String thumbprint = this.state.provenKey(request, null);
			HttpAnswer answer = grant(client, form, thumbprint, notes);
			notes.client = client.id();
			return this.state.withNonce(answer);
		}
		catch (Refusal refusal) {
			return this.state.withNonce(notes.refused(refusal));
		}
	}

	/**
	 * RFC 6749, section 3.2.
	 */
	static void checkRepetition(HttpRequest request) throws Refusal {
		String repeated = request.repeatedParameter();
		Refusal.unless(repeated == null, INVALID_REQUEST, "The parameter " + repeated + " has come twice");
	}

	/**
	 * Return who sends a request. RFC 7523, section 2.1: whoever shows an assertion as a
	 * grant may leave it at that.
	 */
	private RegisteredClient client(HttpRequest request, Map<String, String> form, RequestNotes notes) throws Refusal {
		if (JWT_BEARER.equals(form.get("grant_type")) && this.state.clients.isOfNobody(request, form)) {
			return this.state.clients.issuer(form.getOrDefault("assertion", ""), INVALID_GRANT);
		}
		RegisteredClient client = this.state.clients.authenticate(request, form);
		notes.client = client.id();
		return client;
	}

	private HttpAnswer grant(RegisteredClient client, Map<String, String> form, @Nullable String thumbprint,
			RequestNotes notes) throws Refusal {
		String scope = form.getOrDefault("scope", "");
		return switch (form.getOrDefault("grant_type", "")) {
			case CLIENT_CREDENTIALS -> {
				Refusal.unless(!client.isPublic(), "unauthorized_client", "A public client has no credentials");
				yield issue(new Grant(client, client.id(), scope, form, thumbprint), null, notes);
			}
			case REFRESH_TOKEN -> refresh(client, form, thumbprint, notes);
			case TOKEN_EXCHANGE -> {
				Refusal.unless(form.containsKey("subject_token_type"), INVALID_REQUEST,
						"There is no subject_token_type");
				Refusal.unless(form.containsKey("actor_token") == form.containsKey("actor_token_type"), INVALID_REQUEST,
						"There is an actor_token or an actor_token_type without the other");
				issuedType(form);
				if (form.containsKey("actor_token")) {
					subject(client, form, "actor_token", INVALID_REQUEST);
				}
				String subject = subject(client, form, "subject_token", INVALID_REQUEST);
				yield issue(new Grant(client, subject, scope, form, thumbprint), null, notes);
			}
			case JWT_BEARER -> {
				ClientAssertions.parse(form.getOrDefault("assertion", ""), INVALID_GRANT);
				yield issue(
						new Grant(client, subject(client, form, "assertion", INVALID_GRANT), scope, form, thumbprint),
						null, notes);
			}
			case "" -> throw new Refusal(INVALID_REQUEST, "There is no grant_type");
			default -> throw new Refusal("unsupported_grant_type", "This server does not know the grant");
		};
	}

	private HttpAnswer refresh(RegisteredClient client, Map<String, String> form, @Nullable String thumbprint,
			RequestNotes notes) throws Refusal {
		String value = form.get("refresh_token");
		Refusal.unless(value != null, INVALID_REQUEST, "There is no refresh_token");
		UserSession session = this.state.tokens.sessionOf(Objects.requireNonNull(value));
		Refusal.unless(session != null, INVALID_GRANT, "The refresh token was never issued here");
		Objects.requireNonNull(session);
		Refusal.unless(session.isBoundTo(thumbprint), INVALID_GRANT, "The refresh token is bound to another key");
		Refusal.unless(session.client().equals(client.id()), INVALID_GRANT,
				"The refresh token was issued to another client");
		boolean rotation = this.state.settings.rotation;
		if (rotation && session.isReuse(value, this.state.now(), this.state.settings.grace)) {
			this.state.tokens.reused(session);
			throw new Refusal(INVALID_GRANT, "The refresh token was redeemed before: its session has ended");
		}
		Refusal.unless(!session.hasEnded(), INVALID_GRANT, "The session of the refresh token has ended");
		String scope = form.getOrDefault("scope", session.scope());
		Refusal.unless(session.covers(scope), "invalid_scope", "The session is of the scope '" + session.scope() + "'");
		if (rotation) {
			session.redeem(value, this.state.now());
		}
		return issue(new Grant(client, session.subject(), scope, form, thumbprint), session, notes);
	}

	/**
	 * Return whom a token is about that was issued here and is active, or that the client
	 * has signed.
	 */
	private String subject(RegisteredClient client, Map<String, String> form, String parameter, String error)
			throws Refusal {
		String value = form.get(parameter);
		if (value == null) {
			throw new Refusal(INVALID_REQUEST, "There is no " + parameter);
		}
		IssuedToken issued = this.state.tokens.find(value);
		if (issued != null) {
			Refusal.unless(this.state.tokens.isActive(issued, this.state.now()), error,
					"The " + parameter + " has expired or was revoked");
			return issued.subject();
		}
		SignedJWT assertion = ClientAssertions.parse(value, error);
		try {
			this.state.assertions.check(assertion, client, error);
			return assertion.getJWTClaimsSet().getSubject();
		}
		catch (ParseException ex) {
			throw new Refusal(error, "The " + parameter + " has no claims");
		}
	}

	/**
	 * Return the type of the token that an exchange is answered with (RFC 8693, section
	 * 2.1): what is asked for, or an access token.
	 */
	private String issuedType(Map<String, String> form) throws Refusal {
		String requested = form.getOrDefault("requested_token_type", "");
		boolean jwt = this.state.settings.jwts && requested.equals(JWT);
		Refusal.unless(jwt || requested.isEmpty() || requested.equals(ACCESS_TOKEN), INVALID_REQUEST,
				"This server issues access tokens, and not what the requested_token_type is");
		return jwt ? JWT : ACCESS_TOKEN;
	}

	private HttpAnswer issue(Grant grant, @Nullable UserSession session, RequestNotes notes) throws Refusal {
		UserSession family = session;
		if (family == null && this.state.settings.refreshTokens) {
			family = new UserSession(grant.client().id(), grant.subject(), grant.scope());
		}
		IssuedToken token = newToken(grant, family);
		notes.about(token);
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("access_token", token.value());
		members.put("token_type", (token.thumbprint() != null) ? "DPoP" : "Bearer");
		if (this.state.settings.lifetimeNamed) {
			members.put("expires_in", this.state.settings.lifetime.toSeconds());
		}
		if (!grant.scope().isEmpty()) {
			members.put("scope", grant.scope());
		}
		if (TOKEN_EXCHANGE.equals(grant.form().get("grant_type"))) {
			members.put("issued_token_type", issuedType(grant.form()));
		}
		if (family != null && (session == null || this.state.settings.rotation)) {
			// RFC 9449, section 5: that of a client who proves its identity needs none.
			family.bind(grant.client().isPublic() ? grant.thumbprint() : null);
			members.put("refresh_token", this.state.tokens.newRefreshToken(family));
		}
		return HttpAnswer.json(200, members);
	}

	private IssuedToken newToken(Grant grant, @Nullable UserSession family) {
		int number = this.state.tokens.nextNumber();
		String audience = grant.form().getOrDefault("audience", grant.form().getOrDefault("resource", ""));
		return newToken(number, grant, audience, family);
	}

	/**
	 * Issue the token of a user, as an application is called with it.
	 */
	String userToken(String subject) {
		RegisteredClient browser = new RegisteredClient("browser", null, null);
		return newToken(0, new Grant(browser, subject, "", Map.of(), null), "", null).value();
	}

	private IssuedToken newToken(int number, Grant grant, String audience, @Nullable UserSession family) {
		Instant now = this.state.now();
		Instant expiresAt = now.plus(this.state.settings.lifetime);
		boolean jwt = this.state.settings.jwts || number == 0;
		String value = jwt ? this.state.key.accessToken(this.state.issuer(), grant.client().id(), grant.subject(),
				grant.scope(), audience, now, expiresAt, grant.thumbprint()) : this.state.tokens.newValue();
		IssuedToken token = new IssuedToken(number, value, grant.client().id(), grant.subject(), grant.scope(),
				expiresAt, grant.thumbprint(), family);
		this.state.tokens.add(token);
		return token;
	}

	/**
	 * What is granted.
	 *
	 * @param client to whom
	 * @param subject on whose behalf
	 * @param scope what for
	 * @param form the parameters of the request
	 * @param thumbprint of the key that the token is bound to, or {@code null}
	 */
	private record Grant(RegisteredClient client, String subject, String scope, Map<String, String> form,
			@Nullable String thumbprint) {

		@Override
		public String toString() {
			return "Grant[" + this.client + "]";
		}

	}

}
