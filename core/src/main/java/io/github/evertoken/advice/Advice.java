package io.github.evertoken.advice;

import java.time.Instant;
import java.util.Objects;

/**
 * What somebody would better change about one client. No token, no secret and no text of
 * a server is in it.
 *
 * @param id the rule that gives it, such as {@code short-lived-token}
 * @param client the name of the client
 * @param text a sentence for people, with the numbers that have led to it; its words may
 * change with any version
 * @param link where the rule is explained, and how to mend what it tells of
 * @param since since when the rule has given it without a break
 * @since 0.1.0
 */
public record Advice(String id, String client, String text, String link, Instant since) {

	/**
	 * Create an advice.
	 * @param id the rule that gives it
	 * @param client the name of the client
	 * @param text a sentence for people
	 * @param link where the rule is explained
	 * @param since since when the rule has given it
	 */
	public Advice {
		Objects.requireNonNull(id, "id");
		Objects.requireNonNull(client, "client");
		Objects.requireNonNull(text, "text");
		Objects.requireNonNull(link, "link");
		Objects.requireNonNull(since, "since");
	}

}
