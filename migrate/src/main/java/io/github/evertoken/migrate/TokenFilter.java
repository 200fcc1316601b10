package io.github.evertoken.migrate;

import java.util.List;
import java.util.Set;

import com.sun.source.tree.Tree;
import org.jspecify.annotations.Nullable;

/**
 * A filter or interceptor of Spring Security that the code makes.
 *
 * @param scope where it is made
 * @param target the variable or field that it is in, or {@code null}
 * @param bean the method that returns it, or {@code null}
 * @param registrations whose tokens it sends where a request names no other
 * @param open what tells the registration for each call of the method around it, or
 * {@code null}
 * @param login whether it sends that of the login
 */
record TokenFilter(@Nullable Scope scope, @Nullable String target, @Nullable String bean, List<String> registrations,
		@Nullable Tree open, boolean login) {

	/**
	 * The classes that send tokens.
	 */
	static final Set<String> TYPES = Set.of("ServerOAuth2AuthorizedClientExchangeFilterFunction",
			"ServletOAuth2AuthorizedClientExchangeFilterFunction", "OAuth2ClientHttpRequestInterceptor");

	/**
	 * One that comes from elsewhere.
	 */
	static final TokenFilter ELSEWHERE = new TokenFilter(null, null, null, List.of(), null, false);

	/**
	 * Return one of unknown origin that sends the tokens of a registration.
	 */
	static TokenFilter of(String registration, boolean login) {
		return new TokenFilter(null, null, null, List.of(registration), null, login);
	}

}
