package io.github.evertoken.grant;

import java.net.URI;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The URI of a request, normalised by its scheme (RFC 3986, section 6.2.3), as a DPoP
 * proof and a nonce go by it.
 */
final class HttpUri {

	private HttpUri() {
	}

	/**
	 * Return the origin (RFC 6454), without the port that the scheme has by default.
	 */
	static String origin(URI uri) {
		String scheme = lowerCase(uri.getScheme());
		String authority = lowerCase(uri.getRawAuthority());
		String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
		String defaultPort = scheme.equals("https") ? ":443" : ":80";
		if (hostAndPort.endsWith(defaultPort)) {
			hostAndPort = hostAndPort.substring(0, hostAndPort.length() - defaultPort.length());
		}
		return scheme + "://" + hostAndPort;
	}

	/**
	 * Return the URI without query and fragment (RFC 9449, section 4.2, {@code htu}).
	 */
	static String withoutQuery(URI uri) {
		String path = uri.getRawPath();
		return origin(uri) + ((path != null && !path.isEmpty()) ? path : "/");
	}

	private static String lowerCase(@Nullable String text) {
		return (text != null) ? text.toLowerCase(Locale.ROOT) : "";
	}

}
