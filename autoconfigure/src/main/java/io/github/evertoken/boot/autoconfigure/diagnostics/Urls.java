package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.evertoken.Origin;

/**
 * What has to be known of URLs.
 */
public final class Urls {

	private static final Pattern USER_INFORMATION = Pattern.compile("^([^/]*//)?[^/?#]*@");

	private static final Pattern QUERY = Pattern.compile("[?#].*", Pattern.DOTALL);

	/**
	 * What nobody sees, and whoever copies from a page may copy too.
	 */
	private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}");

	private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}]");

	private Urls() {
	}

	/**
	 * Parse a URL without repeating it in the exception.
	 */
	public static URI parse(String url) {
		Matcher invisible = INVISIBLE.matcher(url);
		if (invisible.find()) {
			throw wrongCharacter(invisible.start());
		}
		try {
			return new URI(url);
		}
		catch (URISyntaxException ex) {
			throw wrongCharacter(ex.getIndex());
		}
	}

	private static IllegalArgumentException wrongCharacter(int position) {
		return new IllegalArgumentException("must be a URL, but has a wrong character at position " + position);
	}

	/**
	 * Return a URL as it may be printed: user information, query and fragment may have
	 * secrets in them.
	 */
	public static String withoutSecrets(String url) {
		String printable = USER_INFORMATION.matcher(url).replaceFirst("$1***@");
		printable = QUERY.matcher(printable).replaceFirst((match) -> match.group().charAt(0) + "***");
		return UNPRINTABLE.matcher(printable).replaceAll("?");
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
