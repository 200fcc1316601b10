package io.github.evertoken.boot.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What has to be known of URLs.
 */
final class Urls {

	private static final Pattern USER_INFORMATION = Pattern.compile("^([^/]*//)?[^/?#]*@");

	private static final Pattern QUERY = Pattern.compile("[?#].*", Pattern.DOTALL);

	private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

	private static final Pattern PLAIN = Pattern.compile("(?i)http://(?<host>\\[[^]]*]|[^/?#:]*)");

	private static final Pattern LOOPBACK = Pattern
		.compile("(.*\\.)?localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[(::1|0:0:0:0:0:0:0:1)]");

	private Urls() {
	}

	/**
	 * Parse a URL without repeating it in the exception.
	 */
	static URI parse(String url) {
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
	static String withoutSecrets(String url) {
		String printable = CONTROL.matcher(url).replaceAll("?");
		printable = USER_INFORMATION.matcher(printable).replaceFirst("$1***@");
		return QUERY.matcher(printable).replaceFirst((match) -> match.group().charAt(0) + "***");
	}

	/**
	 * Tell whether whatever is sent to a URL can be read on its way.
	 */
	static boolean isPlainBeyondLoopback(String url) {
		Matcher matcher = PLAIN.matcher(url);
		return matcher.lookingAt() && !LOOPBACK.matcher(matcher.group("host").toLowerCase(Locale.ROOT)).matches();
	}

}
