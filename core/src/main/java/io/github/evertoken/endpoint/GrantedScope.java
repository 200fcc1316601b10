package io.github.evertoken.endpoint;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.evertoken.http.Redactor;
import org.jspecify.annotations.Nullable;

/**
 * Reads the scope that a token response says it has granted (RFC 6749, section 3.3): a
 * text with blanks in it, or an array. It is shown to people, so that whatever is no
 * scope, or may be a token (rule SE-2), is left out.
 */
final class GrantedScope {

	private static final Pattern SCOPE_TOKEN = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,256}");

	private static final int MOST = 64;

	private GrantedScope() {
	}

	/**
	 * Return the elements, or {@code null} if the response does not say.
	 * @param member what the response has there, or {@code null}
	 * @param tokens the tokens of the response
	 */
	static @Nullable Set<String> of(@Nullable Object member, Collection<String> tokens) {
		Stream<String> words = Stream.of();
		if (member instanceof String text) {
			words = Stream.of(text.split(" "));
		}
		else if (member instanceof List<?> list) {
			words = list.stream().filter(String.class::isInstance).map(String.class::cast);
		}
		Set<String> elements = elements(words, tokens);
		return elements.isEmpty() ? null : elements;
	}

	/**
	 * Return the elements of a scope that may be shown.
	 */
	static Set<String> plain(String scope) {
		return elements(Stream.of(scope.split(" ")), List.of());
	}

	private static Set<String> elements(Stream<String> words, Collection<String> tokens) {
		Redactor redactor = new Redactor(tokens);
		Set<String> elements = new LinkedHashSet<>();
		words.filter((word) -> SCOPE_TOKEN.matcher(word).matches() && redactor.redact(word).equals(word))
			.limit(MOST)
			.forEach(elements::add);
		return elements;
	}

}
