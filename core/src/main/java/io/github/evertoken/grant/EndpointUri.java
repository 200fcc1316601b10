package io.github.evertoken.grant;

import java.net.URI;

/**
 * What has to be known of the URIs of endpoints.
 */
final class EndpointUri {

	private EndpointUri() {
	}

	/**
	 * Require an absolute {@code http} or {@code https} URI without user information and
	 * fragment.
	 * @param uri the URI
	 * @param name what it is, to begin the complaint with
	 * @return the URI
	 * @throws IllegalArgumentException if it is another; the message does not repeat it
	 */
	static URI require(URI uri, String name) {
		boolean http = isSecure(uri) || "http".equalsIgnoreCase(uri.getScheme());
		if (!http || uri.getRawAuthority() == null) {
			throw new IllegalArgumentException(name + " must be an absolute http or https URI");
		}
		if (uri.getRawAuthority().indexOf('@') >= 0 || uri.getRawFragment() != null) {
			throw new IllegalArgumentException(name + " must have neither user information nor a fragment");
		}
		if (uri.getHost() == null) {
			// Without it Reactor Netty, Jetty and the JDK cannot connect to it either.
			throw new IllegalArgumentException(name + " must be an absolute http or https URI with a host name of"
					+ " letters, digits, '-' and '.', without an underscore");
		}
		return uri;
	}

	/**
	 * Tell whether requests go over TLS.
	 */
	static boolean isSecure(URI uri) {
		return "https".equalsIgnoreCase(uri.getScheme());
	}

	/**
	 * Return an endpoint as it may be printed: user information and query may have
	 * secrets in them.
	 */
	static String withoutUserInfoAndQuery(URI uri) {
		String port = (uri.getPort() != -1) ? ":" + uri.getPort() : "";
		return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
	}

}
