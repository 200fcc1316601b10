package io.github.evertoken.http;

import java.net.URI;

import io.github.evertoken.Origin;

/**
 * What has to be known of the URIs of endpoints.
 */
public final class EndpointUri {

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
	public static URI require(URI uri, String name) {
		String scheme = uri.getScheme();
		if (!("https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme)) || uri.getRawAuthority() == null) {
			throw new IllegalArgumentException(name + " must be an absolute http or https URI");
		}
		if (uri.getRawAuthority().indexOf('@') >= 0 || uri.getRawFragment() != null) {
			throw new IllegalArgumentException(name + " must have neither user information nor a fragment");
		}
		URI ascii = inAscii(uri);
		if (ascii.getHost() == null) {
			// Without it Reactor Netty, Jetty and the JDK cannot connect to it either.
			throw new IllegalArgumentException(name + " must be an absolute http or https URI with a host name of"
					+ " letters, digits, '-' and '.', without an underscore");
		}
		return ascii;
	}

	/**
	 * Return the URI with its host in punycode, which is what a client can connect to.
	 */
	private static URI inAscii(URI uri) {
		String host = (uri.getHost() == null) ? Origin.hostOf(uri) : null;
		if (host == null) {
			return uri;
		}
		String rest = uri.toString().substring(uri.getScheme().length() + 3 + uri.getRawAuthority().length());
		return URI.create(uri.getScheme() + "://" + host + ":" + Origin.of(uri).port() + rest);
	}

	/**
	 * Tell whether requests go over TLS.
	 */
	public static boolean isSecure(URI uri) {
		return "https".equalsIgnoreCase(uri.getScheme());
	}

	/**
	 * Return an endpoint as it may be printed: user information and query may have
	 * secrets in them.
	 */
	public static String withoutUserInfoAndQuery(URI uri) {
		String port = (uri.getPort() != -1) ? ":" + uri.getPort() : "";
		return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
	}

}
