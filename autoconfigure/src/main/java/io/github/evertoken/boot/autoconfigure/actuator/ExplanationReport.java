package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.Set;

import io.github.evertoken.web.Explanation;
import io.github.evertoken.web.Explanation.Difference;
import io.github.evertoken.web.Explanation.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request, and why.
 *
 * @param method its method
 * @param url where it goes: origin and path
 * @param reason why it carries a token, or none
 * @param client the client that it belongs to
 * @param subject on whose behalf it is made, as far as that was said
 * @param header the header that the token is sent in
 * @param scheme what stands before the token there
 * @param trusted whether the tokens of a client may go to its origin
 * @param nearestClient the client that comes nearest to covering it
 * @param nearestBaseUrl the base URL of that client that does
 * @param differences in what it differs from that
 * @param message all this in a sentence
 * @param advice what to change
 */
record ExplanationReport(String method, String url, Reason reason, @Nullable String client, @Nullable String subject,
		@Nullable String header, @Nullable String scheme, boolean trusted, @Nullable String nearestClient,
		@Nullable String nearestBaseUrl, Set<Difference> differences, String message, String advice) {

	static ExplanationReport of(Explanation explanation) {
		return new ExplanationReport(explanation.method(), explanation.url(), explanation.reason(),
				explanation.client(), explanation.subject(), explanation.header(), explanation.scheme(),
				explanation.isTrusted(), explanation.nearestClient(), explanation.nearestBaseUrl(),
				explanation.differences(), explanation.message(), explanation.advice());
	}

}
