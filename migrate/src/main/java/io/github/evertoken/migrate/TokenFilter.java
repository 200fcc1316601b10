package io.github.evertoken.migrate;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A filter or interceptor of Spring Security that the code makes.
 *
 * @param scope where it is made
 * @param target the variable or field that it is in, or {@code null}
 * @param bean the method that returns it, or {@code null}
 * @param registrations whose tokens it sends where a request names no other
 * @param login whether it sends that of the login
 */
record TokenFilter(@Nullable Scope scope, @Nullable String target, @Nullable String bean, List<String> registrations,
		boolean login) {

	/**
	 * The classes that send tokens.
	 */
	static final Set<String> TYPES = Set.of("ServerOAuth2AuthorizedClientExchangeFilterFunction",
			"ServletOAuth2AuthorizedClientExchangeFilterFunction", "OAuth2ClientHttpRequestInterceptor");

	/**
	 * One that comes from elsewhere.
	 */
	static final TokenFilter ELSEWHERE = new TokenFilter(null, null, null, List.of(), false);

}
