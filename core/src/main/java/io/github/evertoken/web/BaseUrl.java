package io.github.evertoken.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where a client's tokens may go: an origin (RFC 6454) and, below it, a base path.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class BaseUrl {

	private static final Pattern NAME_AND_PORT = Pattern.compile("[^:]+(:[0-9]{0,5})?");

	private final String scheme;

	private final String host;

	private final int port;

	private final String path;

	private BaseUrl(String scheme, String host, int port, String path) {
		this.scheme = scheme;
		this.host = host;
		this.port = port;
		this.path = path;
	}

	/**
	 * Read a base URL.
	 * @param url an absolute {@code http} or {@code https} URL without user information,
	 * query and fragment, for example {@code https://inventory.internal/api}
	 * @return the base URL
	 * @throws IllegalArgumentException if it is none, with a message that reads on from
	 * the name of what was set
	 */
	public static BaseUrl of(String url) {
		URI uri = parse(url);
		String scheme = (uri.getScheme() != null) ? uri.getScheme().toLowerCase(Locale.ROOT) : "";
		if (!scheme.equals("http") && !scheme.equals("https")) {
			throw new IllegalArgumentException("must be an absolute http or https URL such as https://host/path");
		}
		if (uri.getRawUserInfo() != null || authority(uri).indexOf('@') >= 0) {
			throw new IllegalArgumentException("must not contain user information (the part before '@')");
		}
		if (uri.getRawQuery() != null) {
			throw new IllegalArgumentException("must not contain a query (the part from '?' on)");
		}
		if (uri.getRawFragment() != null) {
			throw new IllegalArgumentException("must not contain a fragment (the part from '#' on)");
		}
		String host = host(uri);
		if (host.isEmpty()) {
			throw new IllegalArgumentException("must name a host, as in https://host/path");
		}
		if (uri.getHost() == null && !NAME_AND_PORT.matcher(authority(uri)).matches()) {
			throw new IllegalArgumentException(
					"must have a host and at most a port number, as in https://host:8443/path");
		}
		return new BaseUrl(scheme, host.toLowerCase(Locale.ROOT), port(uri, scheme), path(uri));
	}

	private static URI parse(String url) {
		try {
			return new URI(url);
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException("must be a URL, but has a wrong character at position " + ex.getIndex());
		}
	}

	private static String path(URI uri) {
		String path = (uri.normalize().getRawPath() != null) ? uri.normalize().getRawPath() : "";
		return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
	}

	/**
	 * Return the host of a URL, also where {@link URI} has none because of an underscore,
	 * as in the service names of container networks.
	 */
	static String host(URI url) {
		String host = url.getHost();
		if (host != null) {
			return host;
		}
		String authority = authority(url);
		String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
		int colon = hostAndPort.lastIndexOf(':');
		return (colon >= 0) ? hostAndPort.substring(0, colon) : hostAndPort;
	}

	private static int port(URI url, String scheme) {
		int port = url.getPort();
		if (port < 0 && url.getHost() == null) {
			port = portOf(authority(url));
		}
		if (port >= 0) {
			return port;
		}
		return scheme.equals("https") ? 443 : 80;
	}

	private static int portOf(String authority) {
		int colon = authority.lastIndexOf(':');
		try {
			return (colon >= 0) ? Integer.parseInt(authority.substring(colon + 1)) : -1;
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

	private static String authority(URI url) {
		String authority = url.getRawAuthority();
		return (authority != null) ? authority : "";
	}

	/**
	 * Return the host.
	 * @return the host in lower case, an IPv6 address in brackets
	 */
	public String host() {
		return this.host;
	}

	/**
	 * Return whether requests go over TLS.
	 * @return whether the scheme is {@code https}
	 */
	public boolean isSecure() {
		return this.scheme.equals("https");
	}

	int pathLength() {
		return this.path.length();
	}

	/**
	 * Tell whether a request goes to this origin.
	 */
	boolean hasOriginOf(URI url) {
		return isSame(this.scheme, url.getScheme()) && isSame(this.host, host(url))
				&& this.port == port(url, this.scheme);
	}

	/**
	 * Nearly every URL is written in lower case, and equality costs less than similarity.
	 */
	private static boolean isSame(String lowerCase, @Nullable String text) {
		return lowerCase.equals(text) || lowerCase.equalsIgnoreCase(text);
	}

	/**
	 * Tell whether a request goes to this origin and below this base path.
	 */
	boolean covers(URI url) {
		return hasOriginOf(url) && coversPath(url);
	}

	private boolean coversPath(URI url) {
		if (this.path.isEmpty()) {
			return true;
		}
		String path = pathOf(url);
		return path != null && path.startsWith(this.path)
				&& (path.length() == this.path.length() || path.charAt(this.path.length()) == '/');
	}

	private static @Nullable String pathOf(URI url) {
		String path = url.getRawPath();
		return (path != null && path.contains("/.")) ? url.normalize().getRawPath() : path;
	}

	@Override
	public boolean equals(Object other) {
		return this == other || (other instanceof BaseUrl that && this.scheme.equals(that.scheme)
				&& this.host.equals(that.host) && this.port == that.port && this.path.equals(that.path));
	}

	@Override
	public int hashCode() {
		return this.host.hashCode() * 31 + this.path.hashCode();
	}

	@Override
	public String toString() {
		return this.scheme + "://" + this.host + ":" + this.port + this.path;
	}

}
