package io.github.evertoken.web;

import reactor.core.publisher.Mono;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * Takes the subject token from Spring Security, where a resource server leaves it as the
 * credentials. Loaded only where it is asked for.
 */
final class SecurityContextSubjectTokens implements SubjectTokenResolver {

	static final SecurityContextSubjectTokens INSTANCE = new SecurityContextSubjectTokens();

	private SecurityContextSubjectTokens() {
	}

	@Override
	public Mono<String> resolve(ClientRequest request) {
		return ReactiveSecurityContextHolder.getContext()
			.mapNotNull(SecurityContext::getAuthentication)
			.filter(Authentication::isAuthenticated)
			.mapNotNull(Authentication::getCredentials)
			.ofType(OAuth2Token.class)
			.map(OAuth2Token::getTokenValue);
	}

}
