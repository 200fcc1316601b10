package io.github.evertoken.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

import io.github.evertoken.Origin;
import org.jspecify.annotations.Nullable;

/**
 * Where a client's tokens may go: an {@linkplain Origin origin} and, below it, a base
 * path.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class BaseUrl {

	private static final Pattern ESCAPED_DOT = Pattern.compile("%2[eE]");

	private static final Pattern ESCAPED_SEPARATOR = Pattern.compile("%2[fF]|%5[cC]");

	private static final Pattern PATH_PARAMETERS = Pattern.compile(";[^/]*");

	private final Origin origin;

	private final String path;

	private final String loosePath;

	private BaseUrl(Origin origin, URI url) {
		this.origin = origin;
		this.path = withoutSlash(path(rawPath(url)));
		this.loosePath = withoutSlash(loosePath(rawPath(url)));
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
		if (uri.getRawAuthority() != null && uri.getRawAuthority().indexOf('@') >= 0) {
			throw new IllegalArgumentException("must not contain user information (the part before '@')");
		}
		if (uri.getRawQuery() != null) {
			throw new IllegalArgumentException("must not contain a query (the part from '?' on)");
		}
		if (uri.getRawFragment() != null) {
			throw new IllegalArgumentException("must not contain a fragment (the part from '#' on)");
		}
		return new BaseUrl(Origin.of(uri), uri);
	}

	private static URI parse(String url) {
		try {
			return new URI(url);
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException("must be a URL, but has a wrong character at position " + ex.getIndex());
		}
	}

	private static String rawPath(URI url) {
		String path = url.getRawPath();
		return (path != null) ? path : "";
	}

	private static String withoutSlash(String path) {
		return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
	}

	/**
	 * Return the origin.
	 * @return the origin
	 */
	public Origin origin() {
		return this.origin;
	}

	/**
	 * Return the host.
	 * @return the host in lower case, an IPv6 address in brackets
	 */
	public String host() {
		return this.origin.host();
	}

	/**
	 * Return whether requests go over TLS.
	 * @return whether the scheme is {@code https}
	 */
	public boolean isSecure() {
		return this.origin.isSecure();
	}

	int port() {
		return this.origin.port();
	}

	String path() {
		return this.path;
	}

	int pathLength() {
		return this.path.length();
	}

	/**
	 * Tell whether a request goes to this origin and below this base path.
	 */
	boolean covers(URI url) {
		return this.origin.includes(url) && coversPath(rawPath(url));
	}

	/**
	 * No server is to find a way out of the base path, whatever it takes for one: an
	 * escaped dot is a dot (RFC 3986, section 6.2.2.2), and to some servers an escaped
	 * slash is a slash, and the parameters of a segment are no part of it.
	 */
	boolean coversPath(String path) {
		if (this.path.isEmpty()) {
			return true;
		}
		return isPlain(path) ? isBelow(path, this.path)
				: isBelow(path(path), this.path) && isBelow(loosePath(path), this.loosePath);
	}

	private static boolean isBelow(String path, String base) {
		return path.startsWith(base) && (path.length() == base.length() || path.charAt(base.length()) == '/');
	}

	private static boolean isPlain(String path) {
		return path.indexOf('%') < 0 && path.indexOf(';') < 0 && !path.contains("/.");
	}

	private static String path(String rawPath) {
		return normalized(ESCAPED_DOT.matcher(rawPath).replaceAll("."));
	}

	private static String loosePath(String rawPath) {
		return path(PATH_PARAMETERS.matcher(ESCAPED_SEPARATOR.matcher(rawPath).replaceAll("/")).replaceAll(""));
	}

	private static String normalized(String rawPath) {
		// With a host, so that the path is one even if it begins with two slashes.
		return rawPath.isEmpty() ? "" : URI.create("http://host" + rawPath).normalize().getRawPath();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other
				|| (other instanceof BaseUrl that && this.origin.equals(that.origin) && this.path.equals(that.path));
	}

	@Override
	public int hashCode() {
		return this.origin.hashCode() * 31 + this.path.hashCode();
	}

	@Override
	public String toString() {
		return this.origin + this.path;
	}

}
