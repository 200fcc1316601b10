package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

import io.github.evertoken.Origin;

/**
 * What has to be known of URLs.
 */
public final class Urls {

	private static final Pattern USER_INFORMATION = Pattern.compile("^([^/]*//)?[^/?#]*@");

	private static final Pattern QUERY = Pattern.compile("[?#].*", Pattern.DOTALL);

	private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

	private Urls() {
	}

	/**
	 * Parse a URL without repeating it in the exception.
	 */
	public static URI parse(String url) {
		try {
			return new URI(url);
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException("must be a URL, but has a wrong character at position " + ex.getIndex());
		}
	}

	/**
	 * Return a URL as it may be printed: user information, query and fragment may have
	 * secrets in them.
	 */
	public static String withoutSecrets(String url) {
		String printable = CONTROL.matcher(url).replaceAll("?");
		printable = USER_INFORMATION.matcher(printable).replaceFirst("$1***@");
		return QUERY.matcher(printable).replaceFirst((match) -> match.group().charAt(0) + "***");
	}

	/**
	 * Tell whether whatever is sent to a URL can be read on its way.
	 */
	public static boolean isPlainBeyondLoopback(String url) {
		try {
			Origin origin = Origin.of(parse(url));
			return !origin.isSecure() && !origin.isLoopback();
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

}
