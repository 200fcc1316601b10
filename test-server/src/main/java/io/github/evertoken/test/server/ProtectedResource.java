package io.github.evertoken.test.server;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A resource that wants an access token of this server: one that it has issued, that has
 * not expired and was not revoked, with a proof of possession if it is bound to a key
 * (RFC 6750, section 3; RFC 9449, section 7). Whoever uses it holds the server's lock.
 */
final class ProtectedResource {

	private static final String BEARER = "Bearer";

	private static final String DPOP = "DPoP";

	private static final String INVALID_TOKEN = "invalid_token";

	private final ServerState state;

	ProtectedResource(ServerState state) {
		this.state = state;
	}

	HttpAnswer answer(HttpRequest request, RequestNotes notes, @Nullable ShownToken ofAnother) {
		List<String> authorizations = request.all("Authorization");
		if (this.state.settings.resourcePublic) {
			return open(request, authorizations, notes, ofAnother);
		}
		if (authorizations.isEmpty()) {
			// Without an error code: RFC 6750, section 3.1.
			return HttpAnswer.empty(401)
				.with("WWW-Authenticate", (this.state.settings.dpopRequired ? DPOP : BEARER) + " realm=\"api\"");
		}
		String[] schemeAndToken = authorizations.get(0).split(" ", 2);
		boolean bound = schemeAndToken[0].equalsIgnoreCase(DPOP);
		if (authorizations.size() > 1 || schemeAndToken.length != 2
				|| !(bound || schemeAndToken[0].equalsIgnoreCase(BEARER))) {
			notes.error = "invalid_request";
			return HttpAnswer.empty(400).with("WWW-Authenticate", BEARER + " realm=\"api\", error=\"invalid_request\"");
		}
		try {
			IssuedToken token = check(request, shown(request, ofAnother), bound, notes);
			String required = this.state.settings.requiredScope;
			if (required != null && !token.hasScope(required)) {
				notes.error = "insufficient_scope";
				return challenge(403, bound ? DPOP : BEARER, "insufficient_scope", "The scope does not do",
						", scope=\"" + required + "\"");
			}
			return this.state.withNonce(content(request, token));
		}
		catch (Refusal refusal) {
			notes.error = refusal.error();
			return this.state
				.withNonce(challenge(401, bound ? DPOP : BEARER, refusal.error(), refusal.description(), ""));
		}
	}

	/**
	 * Answer to a request whose token, if it has one, need not be known here.
	 */
	private HttpAnswer open(HttpRequest request, List<String> authorizations, RequestNotes notes,
			@Nullable ShownToken ofAnother) {
		if (authorizations.isEmpty()) {
			return content(request, "without an access token");
		}
		ShownToken shown = shown(request, ofAnother);
		if (shown == null) {
			return content(request, "with an access token of another server");
		}
		IssuedToken token = shown.token();
		notes.client = token.client();
		notes.about(token);
		return content(request, token);
	}

	/**
	 * Return the access token of a request, empty if there is none.
	 */
	static String accessToken(HttpRequest request) {
		String[] schemeAndToken = Objects.requireNonNullElse(request.first("Authorization"), "").split(" ", 2);
		return (schemeAndToken.length == 2) ? schemeAndToken[1].trim() : "";
	}

	private @Nullable ShownToken shown(HttpRequest request, @Nullable ShownToken ofAnother) {
		ShownToken own = this.state.tokens.show(accessToken(request), this.state.now());
		return (own != null) ? own : ofAnother;
	}

	/**
	 * Return the access token of a request. A proof is looked at before its token is, as
	 * many do: a request may have to be sent for the one and for the other.
	 */
	private IssuedToken check(HttpRequest request, @Nullable ShownToken shown, boolean bound, RequestNotes notes)
			throws Refusal {
		if (shown != null) {
			notes.client = shown.token().client();
			notes.about(shown.token());
		}
		String thumbprint = bound ? this.state.provenKey(request, accessToken(request)) : null;
		Refusal.unless(thumbprint != null || !bound, "invalid_dpop_proof", "There is no DPoP header");
		Refusal.unless(shown != null, INVALID_TOKEN, "The token was not issued here");
		Objects.requireNonNull(shown);
		Refusal.unless(shown.flaw() == null, INVALID_TOKEN, String.valueOf(shown.flaw()));
		IssuedToken token = shown.token();
		Refusal.unless(bound == (token.thumbprint() != null), INVALID_TOKEN,
				bound ? "The token is not bound to a key" : "The token is bound to a key, and no bearer token");
		Refusal.unless(Objects.equals(thumbprint, token.thumbprint()), INVALID_TOKEN,
				"The token is bound to another key");
		return token;
	}

	private static HttpAnswer challenge(int status, String scheme, String error, String description, String more) {
		return HttpAnswer.of(status, "text/plain", description)
			.with("WWW-Authenticate", "%s realm=\"api\", error=\"%s\", error_description=\"%s\"%s".formatted(scheme,
					error, description, more));
	}

	private HttpAnswer content(HttpRequest request, IssuedToken token) {
		return content(request, "with access token " + token.number());
	}

	private HttpAnswer content(HttpRequest request, String how) {
		HttpAnswer prepared = find(request.path());
		return (prepared != null) ? prepared
				: HttpAnswer.of(200, "text/plain", request.method().toLowerCase(Locale.ROOT) + " " + how);
	}

	private @Nullable HttpAnswer find(String path) {
		return this.state.settings.resources.get(path);
	}

}
