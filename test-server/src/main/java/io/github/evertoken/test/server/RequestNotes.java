package io.github.evertoken.test.server;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What is found out about a request while it is answered.
 */
final class RequestNotes {

	final Endpoint endpoint;

	Map<String, String> parameters = Map.of();

	@Nullable String client;

	@Nullable String subject;

	@Nullable String error;

	int accessToken;

	RequestNotes(Endpoint endpoint) {
		this.endpoint = endpoint;
	}

	void about(IssuedToken token) {
		this.accessToken = token.number();
		this.subject = token.subject();
	}

	HttpAnswer refused(Refusal refusal) {
		this.error = refusal.error();
		return refusal.answer();
	}

}
