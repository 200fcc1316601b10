package io.github.evertoken.web;

import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.http.Redactor;
import io.github.evertoken.web.Explanation.Difference;

/**
 * What is said of a request that no client covers.
 */
final class ExplanationText {

	private ExplanationText() {
	}

	/**
	 * Say what the request carries, and in what it differs from the nearest base URL.
	 */
	static String difference(RequestUrl url, NearestBaseUrl nearest) {
		BaseUrl base = nearest.baseUrl();
		List<String> differences = new ArrayList<>();
		for (Difference difference : nearest.differences()) {
			differences.add(switch (difference) {
				case SCHEME ->
					"the scheme is " + Redactor.printable(url.scheme()) + " and not " + base.origin().scheme();
				case HOST -> "the host is " + host(url) + " and not " + base.host() + likeness(nearest.host());
				case PORT -> "the port is " + url.port() + " and not " + base.port();
				case PATH -> "the path is not below " + base.path();
			});
		}
		return "carries no token: no client covers it. Nearest is client '" + nearest.client() + "' with " + base
				+ ", but " + String.join(", ", differences);
	}

	private static String host(RequestUrl url) {
		return (url.host() != null) ? Redactor.printable(url.host()) + (url.dotted() ? ".." : "") : "none";
	}

	private static String likeness(HostLikeness host) {
		return switch (host) {
			case LOOPBACK -> ", which are not the same though both are this machine";
			case ONE_EDIT -> ", which differ in one place: a slip?";
			default -> "";
		};
	}

	/**
	 * Say what to change. An origin to which no token goes is never said to be safe.
	 */
	static String advice(RequestUrl url, NearestBaseUrl nearest, boolean trusted) {
		String prefix = "evertoken.clients." + nearest.client();
		if (trusted) {
			return "If it is to carry one, name the client with attributes(client(\"" + nearest.client()
					+ "\")), or write a shorter path in " + prefix + ".base-url";
		}
		if (url.port() < 0) {
			return "Correct the host in the URL of the request";
		}
		String origins = "or add " + url.origin() + " to " + prefix + ".origins if its tokens may go there";
		if (nearest.isNearMiss()) {
			return "Write one of the two as the other: the URL of the request, or " + prefix + ".base-url; " + origins;
		}
		return "If it is to carry one, write a client for it below evertoken.clients, " + origins;
	}

}
