package io.github.evertoken.web;

import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Lets resolvers find in the Reactor Context whom Spring Security knows on the thread of
 * a caller. Loaded only where Spring Security is there.
 */
final class SecurityContextOfThread {

	private SecurityContextOfThread() {
	}

	static Context addTo(Context context) {
		SecurityContext known = SecurityContextHolder.getContext();
		return (known.getAuthentication() != null)
				? context.putAll(ReactiveSecurityContextHolder.withSecurityContext(Mono.just(known)).readOnly())
				: context;
	}

}
