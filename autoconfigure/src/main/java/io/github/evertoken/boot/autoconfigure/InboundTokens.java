package io.github.evertoken.boot.autoconfigure;

import io.github.evertoken.web.SubjectTokenResolver;
import reactor.core.publisher.Mono;

import org.springframework.util.ClassUtils;

/**
 * Finds the token with which the application was called, where Spring Security has
 * checked it.
 */
final class InboundTokens {

	private static final boolean SPRING_SECURITY = ClassUtils
		.isPresent("org.springframework.security.core.context.ReactiveSecurityContextHolder", null)
			&& ClassUtils.isPresent("org.springframework.security.oauth2.core.OAuth2Token", null);

	private InboundTokens() {
	}

	static SubjectTokenResolver resolver() {
		return SPRING_SECURITY ? SubjectTokenResolver.securityContext() : (request) -> Mono.empty();
	}

}
