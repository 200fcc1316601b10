package io.github.evertoken.web;

import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * Finds the token that stands for whoever a request is made on behalf of, for a client
 * that exchanges it (RFC 8693) or shows it as an assertion (RFC 7523): most often the one
 * that the service itself was called with. A request with
 * {@link TokenAttributes#subjectToken} is not asked about.
 * <p>
 * It is asked at each subscription of the exchange, with the Reactor Context of the
 * caller, so that it must not block and should be quick.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SubjectTokenResolver {

	/**
	 * Resolve the subject token of a request.
	 * @param request the request
	 * @return a {@code Mono} with the token; empty if there is none, in which case the
	 * request fails and is not sent
	 */
	Mono<String> resolve(ClientRequest request);

	/**
	 * Take the token from an attribute of the request.
	 * @param name the name of an attribute that is a {@code String}
	 * @return the resolver
	 */
	static SubjectTokenResolver attribute(String name) {
		return SubjectResolver.attribute(name)::resolve;
	}

	/**
	 * Take the token from the Reactor Context.
	 * @param key the key in the Context of a {@code String}
	 * @return the resolver
	 */
	static SubjectTokenResolver contextKey(Object key) {
		return SubjectResolver.contextKey(key)::resolve;
	}

	/**
	 * Take the token with which the principal was authenticated that Spring Security's
	 * {@code ReactiveSecurityContextHolder} knows: the bearer token of a request to a
	 * resource server. Needs {@code spring-security-oauth2-core}.
	 * @return the resolver
	 */
	static SubjectTokenResolver securityContext() {
		return SecurityContextSubjectTokens.INSTANCE;
	}

}
