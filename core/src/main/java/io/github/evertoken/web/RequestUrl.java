package io.github.evertoken.web;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.github.evertoken.Origin;
import io.github.evertoken.http.Redactor;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a request as far as it decides upon a token, and of any URL at all: without
 * user information, query and fragment, which nobody is to be shown.
 *
 * @param scheme the scheme in lower case, empty if there is none
 * @param host the host in lower case without dots at its end, {@code null} if there is
 * none that can be read
 * @param port the port, -1 if it cannot be told
 * @param path the beginning of the path as it was written
 * @param dotted whether the host cannot be read because of the dots at its end
 * @param known the origin, {@code null} if it cannot be read
 */
record RequestUrl(String scheme, @Nullable String host, int port, String path, boolean dotted, @Nullable Origin known) {

	private static final int LONGEST_PATH = 256;

	private static final Redactor REDACTOR = new Redactor(List.of());

	/**
	 * A session may well be kept in the parameters of a path.
	 */
	private static final Pattern PATH_PARAMETERS = Pattern.compile(";[^/]*");

	static RequestUrl of(URI url) {
		String path = (url.getRawPath() != null) ? shortened(url.getRawPath()) : "";
		try {
			Origin origin = Origin.of(url);
			return new RequestUrl(origin.scheme(), origin.host(), origin.port(), path, false, origin);
		}
		catch (IllegalArgumentException ex) {
			return unreadable(url, path);
		}
	}

	private static RequestUrl unreadable(URI url, String path) {
		String scheme = (url.getScheme() != null) ? url.getScheme().toLowerCase(Locale.ROOT) : "";
		String authority = (url.getRawAuthority() != null) ? url.getRawAuthority() : "";
		String written = authority.substring(authority.lastIndexOf('@') + 1).replaceFirst(":[0-9]*$", "");
		String host = written.toLowerCase(Locale.ROOT).replaceFirst("\\.+$", "");
		return new RequestUrl(scheme, host.isEmpty() ? null : host, -1, path, written.endsWith("."), null);
	}

	/**
	 * What is cut is still a path: no escape and no character is cut in two.
	 */
	private static String shortened(String path) {
		if (path.length() <= LONGEST_PATH) {
			return path;
		}
		int end = Character.isHighSurrogate(path.charAt(LONGEST_PATH - 1)) ? LONGEST_PATH - 1 : LONGEST_PATH;
		int escape = path.lastIndexOf('%', end - 1);
		return path.substring(0, (escape > end - 3) ? escape : end);
	}

	boolean isLoopback() {
		return this.known != null && this.known.isLoopback();
	}

	/**
	 * Return the origin as it can be configured, as far as there is one.
	 */
	String origin() {
		return Redactor
			.printable(this.scheme + "://" + ((this.host != null) ? this.host : "?") + (this.dotted ? "." : ""))
				+ ((this.port >= 0) ? ":" + this.port : "");
	}

	/**
	 * Return the URL as it can be shown.
	 */
	@Override
	public String toString() {
		return origin() + REDACTOR.redact(PATH_PARAMETERS.matcher(this.path).replaceAll(";***"));
	}

}
