package io.github.evertoken.web;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.evertoken.TokenKey;
import io.github.evertoken.web.Explanation.Reason;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

/**
 * Says of a request whether it carries a token, of which client, and why not. That is
 * what {@link TokenExchangeFilterFunction} decides for the requests that pass through it;
 * here it is told without sending anything and without a token.
 * <p>
 * It also knows the last requests that the filter has sent without a token. Logged at
 * DEBUG is the decision upon each request, and as a warning, once for an origin, a
 * request that was answered 401 and had no token, though it nearly matches a base URL.
 *
 * @since 0.1.0
 * @see TokenExchangeFilterFunction#explainer()
 */
public final class RequestExplainer {

	private final ClientSelector selector;

	private final Map<String, String> schemes;

	private final LastRequests last = new LastRequests();

	/**
	 * Create an explainer.
	 * @param selector says which client a request belongs to
	 * @param schemes what stands before the tokens of clients, where that is not
	 * {@code Bearer}
	 */
	RequestExplainer(ClientSelector selector, Map<String, String> schemes) {
		this.selector = selector;
		this.schemes = Map.copyOf(schemes);
	}

	/**
	 * Explain what becomes of a request that names no client, and has no
	 * {@code Authorization} header of its own.
	 * @param method the method
	 * @param url the URL
	 * @param subject on whose behalf it is made, or {@code null} if the request does not
	 * say
	 * @return the explanation
	 * @throws IllegalArgumentException if the subject is empty or longer than 1 KiB in
	 * UTF-8
	 */
	public Explanation explain(HttpMethod method, URI url, @Nullable String subject) {
		Objects.requireNonNull(method, "method");
		TokenKey.of("any", subject);
		RequestUrl target = RequestUrl.of(url);
		String client = this.selector.select(url);
		return (client != null)
				? Explanation.covered(target, method.name(), client, subject,
						this.schemes.getOrDefault(client, "Bearer"))
				: without(Reason.NO_CLIENT, null, method.name(), target);
	}

	/**
	 * Return the last requests that went without a token through the filter.
	 * @return the requests, the last one first, at most 50
	 */
	public List<RequestWithoutToken> requestsWithoutToken() {
		return this.last.entries()
			.stream()
			.map((entry) -> new RequestWithoutToken(entry.at(), entry.status(),
					without(entry.reason(), entry.client(), entry.method(), entry.url())))
			.toList();
	}

	Explanation without(Reason reason, @Nullable String client, String method, RequestUrl url) {
		NearestBaseUrl nearest = NearestBaseUrl.to(url, this.selector);
		boolean trusted = nearest != null && nearest.isTrusting();
		return Explanation.without(url, method, reason, client, (reason == Reason.NO_CLIENT) ? nearest : null, trusted);
	}

	void note(Reason reason, @Nullable String client, String method, RequestUrl url, @Nullable Integer status) {
		this.last.add(reason, client, method, url, status);
	}

}
