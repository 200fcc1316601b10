package io.github.evertoken.web;

import reactor.core.publisher.Mono;

import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * Takes the subject from Spring Security. Loaded only where it is asked for.
 */
final class SecurityContextSubjects implements SubjectResolver {

	static final SecurityContextSubjects INSTANCE = new SecurityContextSubjects();

	private SecurityContextSubjects() {
	}

	@Override
	public Mono<String> resolve(ClientRequest request) {
		return ReactiveSecurityContextHolder.getContext()
			.mapNotNull(SecurityContext::getAuthentication)
			.filter((authentication) -> authentication.isAuthenticated()
					&& !(authentication instanceof AnonymousAuthenticationToken))
			.map(Authentication::getName);
	}

}
