package io.github.evertoken.test.server;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request cannot be granted (RFC 6749, section 5.2).
 */
final class Refusal extends Exception {

	private static final long serialVersionUID = 1L;

	private final int status;

	private final String error;

	/**
	 * Create a refusal.
	 * @param error the error code
	 * @param description what a developer should know, without a secret
	 */
	Refusal(String error, String description) {
		super(description, null, false, false);
		this.status = error.equals("invalid_client") ? 401 : 400;
		this.error = error;
	}

	String error() {
		return this.error;
	}

	String description() {
		return String.valueOf(getMessage());
	}

	HttpAnswer answer() {
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("error", this.error);
		members.put("error_description", description());
		HttpAnswer answer = HttpAnswer.json(this.status, members);
		return (this.status == 401) ? answer.with("WWW-Authenticate", "Basic realm=\"token endpoint\"") : answer;
	}

	static void unless(boolean condition, String error, String description) throws Refusal {
		if (!condition) {
			throw new Refusal(error, description);
		}
	}

}
