package io.github.evertoken.http;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes text that came from outside fit for an exception and a log line: without secrets,
 * without characters that RFC 6749, section 5.2, does not allow in an error, and short
 * (rule SE-2). No library that is here does it: Spring Boot's sanitizer goes by the names
 * of properties, and what a server says has none.
 */
public final class Redactor {

	private static final int MAX_LENGTH = 256;

	private static final String REDACTION = "***";

	/**
	 * What looks like a token, though it is none that was sent: 24 or more characters of
	 * base64url or hex with a digit among them. A UUID is let through, because by it an
	 * administrator finds the request.
	 */
	private static final Pattern TOKEN_LIKE = Pattern.compile("(?<![\\w~+-])" // whole
																				// runs
			+ "(?!\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}(?![\\w~+-]))" // no
																					// UUID
			+ "(?=[A-Za-z_~+-]*[0-9])[\\w~+-]{24,}=*");

	private static final Pattern NOT_ALLOWED = Pattern.compile("[^\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]");

	private final List<String> secrets;

	/**
	 * Create a redactor.
	 * @param secrets all that must not be repeated, none of it empty
	 */
	public Redactor(Collection<String> secrets) {
		// A secret may hold another one, so the longest goes first.
		this.secrets = secrets.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
	}

	public String redact(String text) {
		String redacted = text;
		for (String secret : this.secrets) {
			redacted = redacted.replace(secret, REDACTION);
		}
		// Cut only now, or else a part of a secret could remain at the end.
		return printable(TOKEN_LIKE.matcher(redacted).replaceAll(REDACTION));
	}

	/**
	 * Make text fit that is known to be no secret.
	 */
	public static String printable(String text) {
		String printable = NOT_ALLOWED.matcher(text).replaceAll("?");
		return (printable.length() > MAX_LENGTH) ? printable.substring(0, MAX_LENGTH) : printable;
	}

}
