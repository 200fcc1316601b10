package io.github.evertoken.test.server;

import java.util.Map;

/**
 * Revokes tokens (RFC 7009): an access token alone, or a session with all that goes back
 * to it. What was never issued is no error. Whoever uses it holds the server's lock.
 */
final class RevocationEndpoint {

	private final ServerState state;

	RevocationEndpoint(ServerState state) {
		this.state = state;
	}

	HttpAnswer answer(HttpRequest request, RequestNotes notes) {
		if (!request.method().equals("POST")) {
			return HttpAnswer.empty(405).with("Allow", "POST");
		}
		Map<String, String> form = request.isForm() ? request.form() : Map.of();
		notes.parameters = form;
		try {
			TokenEndpoint.checkRepetition(request);
			RegisteredClient client = this.state.clients.authenticate(request, form);
			notes.client = client.id();
			String token = form.get("token");
			if (token == null) {
				throw new Refusal("invalid_request", "There is no token");
			}
			revoke(client, token, notes);
			return HttpAnswer.empty(200);
		}
		catch (Refusal refusal) {
			return notes.refused(refusal);
		}
	}

	private void revoke(RegisteredClient client, String token, RequestNotes notes) throws Refusal {
		UserSession session = this.state.tokens.sessionOf(token);
		IssuedToken issued = this.state.tokens.find(token);
		String owner = (session != null) ? session.client() : (issued != null) ? issued.client() : client.id();
		Refusal.unless(owner.equals(client.id()), "unauthorized_client", "The token was issued to another client");
		if (session != null) {
			this.state.tokens.end(session);
		}
		if (issued != null) {
			notes.about(issued);
			this.state.tokens.revoke(token);
		}
	}

}
