package io.github.evertoken.gateway;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.web.server.ServerWebExchange;

/**
 * Where a request of a route goes, as it is written for a client: with {@code http} or
 * {@code https}, and if the load balancer has chosen an instance of a service, with the
 * name of the service. Instances come and go, and who may see a token is said of the
 * service.
 */
final class RouteUrl {

	private static final String LOAD_BALANCED = "lb";

	private RouteUrl() {
	}

	static URI of(ServerWebExchange exchange) {
		URI url = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
		String scheme = scheme(url);
		String service = service(exchange, url);
		if (service == null && scheme.equals(url.getScheme())) {
			return url;
		}
		String authority = (service != null) ? service : url.getRawAuthority();
		String query = (url.getRawQuery() != null) ? "?" + url.getRawQuery() : "";
		return URI.create(scheme + "://" + authority + url.getRawPath() + query);
	}

	/**
	 * A handshake is a request of HTTP (RFC 6455, section 4.1).
	 */
	private static String scheme(URI url) {
		String scheme = url.getScheme().toLowerCase(Locale.ROOT);
		return switch (scheme) {
			case "ws" -> "http";
			case "wss" -> "https";
			default -> scheme;
		};
	}

	/**
	 * Return the service of which the load balancer has chosen the instance that a
	 * request goes to, or {@code null} if it goes elsewhere. What was chosen stays in the
	 * exchange when a route falls back to another one, and says nothing of that.
	 */
	private static @Nullable String service(ServerWebExchange exchange, URI url) {
		Object chosen = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_LOADBALANCER_RESPONSE_ATTR);
		if (!(chosen instanceof Response<?> response) || !(response.getServer() instanceof ServiceInstance instance)
				|| !isOf(instance, url)) {
			return null;
		}
		Set<URI> before = exchange.getAttributeOrDefault(ServerWebExchangeUtils.GATEWAY_ORIGINAL_REQUEST_URL_ATTR,
				Set.of());
		boolean prefixed = LOAD_BALANCED
			.equals(exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_SCHEME_PREFIX_ATTR));
		String service = null;
		for (URI earlier : before) {
			if (prefixed || LOAD_BALANCED.equals(earlier.getScheme())) {
				service = earlier.getHost();
			}
		}
		return service;
	}

	private static boolean isOf(ServiceInstance instance, URI url) {
		return instance.getHost().equals(url.getHost())
				&& port(instance.getPort(), scheme(url)) == port(url.getPort(), scheme(url));
	}

	private static int port(int port, String scheme) {
		return (port >= 0) ? port : scheme.equals("https") ? 443 : 80;
	}

}
