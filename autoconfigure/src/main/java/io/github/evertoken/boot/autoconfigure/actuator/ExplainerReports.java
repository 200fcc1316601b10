package io.github.evertoken.boot.autoconfigure.actuator;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.evertoken.web.RequestExplainer;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

/**
 * Reports what a {@link RequestExplainer} says. Nothing is sent for it, and no token is
 * needed.
 */
final class ExplainerReports {

	private final RequestExplainer explainer;

	ExplainerReports(RequestExplainer explainer) {
		this.explainer = explainer;
	}

	/**
	 * Explain a request.
	 * @param url where it would go
	 * @param method its method, {@code GET} if there is none
	 * @param subject on whose behalf it would be made
	 * @throws IllegalArgumentException if there can be no such request, with a message
	 * that says why
	 */
	ExplanationReport explain(String url, @Nullable String method, @Nullable String subject) {
		return ExplanationReport.of(this.explainer
			.explain((method != null) ? HttpMethod.valueOf(method) : HttpMethod.GET, absolute(url), subject));
	}

	/**
	 * Whoever writes a URL wrong is not shown it: there may be a secret in it.
	 */
	private static URI absolute(String url) {
		try {
			URI uri = new URI(url);
			if (uri.getScheme() != null && uri.getScheme().matches("(?i)https?") && uri.getRawAuthority() != null) {
				return uri;
			}
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException(
					"url must be a URL, but has a wrong character at position " + ex.getIndex());
		}
		throw new IllegalArgumentException("url must be an absolute http or https URL such as https://host/path");
	}

	/**
	 * Return the last requests that went without a token, the last one first.
	 */
	Map<String, List<RequestReport>> last() {
		Instant now = Instant.now();
		return Map.of("requests",
				this.explainer.requestsWithoutToken()
					.stream()
					.map((request) -> RequestReport.of(request, now))
					.toList());
	}

}
