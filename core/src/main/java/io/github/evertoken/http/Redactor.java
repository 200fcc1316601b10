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

	/**
	 * What is read of a text, which is much more than is left of it.
	 */
	private static final int LONGEST_READ = 2048;

	/**
	 * So many characters of a secret are a part of it that must not be repeated.
	 */
	private static final int PART = 8;

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

	/**
	 * Make text fit that may have secrets in it, or parts of them.
	 */
	public String redact(String text) {
		String redacted = (text.length() > LONGEST_READ) ? text.substring(0, LONGEST_READ) : text;
		for (String secret : this.secrets) {
			redacted = redacted.replace(secret, REDACTION);
		}
		// Cut only now, or else a part of a secret could remain at the end.
		return printable(TOKEN_LIKE.matcher(withoutParts(redacted)).replaceAll(REDACTION));
	}

	/**
	 * Some servers quote the beginning of a token, and some its end.
	 */
	private String withoutParts(String text) {
		StringBuilder remaining = new StringBuilder();
		int from = 0;
		for (int at = 0; at + PART <= text.length(); at++) {
			if (isPart(text.substring(at, at + PART))) {
				int end = at + PART;
				while (end < text.length() && isPart(text.substring(end + 1 - PART, end + 1))) {
					end++;
				}
				remaining.append(text, from, at).append(REDACTION);
				from = end;
				at = end - 1;
			}
		}
		return remaining.append(text, from, text.length()).toString();
	}

	/**
	 * Words of a language are no part of a secret, though one may have them in it.
	 */
	private boolean isPart(String part) {
		return part.chars().anyMatch((c) -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))
				&& part.chars().noneMatch(Character::isWhitespace)
				&& this.secrets.stream().anyMatch((secret) -> secret.contains(part));
	}

	/**
	 * Make text fit that is known to be no secret.
	 */
	public static String printable(String text) {
		String printable = NOT_ALLOWED.matcher(text).replaceAll("?");
		return (printable.length() > MAX_LENGTH) ? printable.substring(0, MAX_LENGTH) : printable;
	}

}
