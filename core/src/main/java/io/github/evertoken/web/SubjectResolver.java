package io.github.evertoken.web;

import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * Says on whose behalf a request is made that does not say so itself: a request with
 * {@link TokenAttributes#subject} is not asked about.
 * <p>
 * It is asked at each subscription of the exchange, with the Reactor Context of the
 * caller, so that it must not block and should be quick.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SubjectResolver {

	/**
	 * Resolve the subject of a request.
	 * @param request the request
	 * @return a {@code Mono} with the subject, at most 1 KiB in UTF-8 and not blank;
	 * empty for the service itself. If it fails, so does the request, and is not sent.
	 */
	Mono<String> resolve(ClientRequest request);

	/**
	 * Make every request on behalf of the service itself. This is the default, and costs
	 * nothing.
	 * @return the resolver
	 */
	static SubjectResolver service() {
		return RequestSubjects.SERVICE;
	}

	/**
	 * Take the subject from an attribute of the request, of any type that has the subject
	 * as its {@code toString()}.
	 * @param name the attribute's name
	 * @return the resolver
	 */
	static SubjectResolver attribute(String name) {
		return RequestSubjects.attribute(name);
	}

	/**
	 * Take the subject from the Reactor Context, from a value of any type that has the
	 * subject as its {@code toString()}.
	 * @param key the key in the Context
	 * @return the resolver
	 */
	static SubjectResolver contextKey(Object key) {
		return RequestSubjects.contextKey(key);
	}

	/**
	 * Take the name of the principal that Spring Security's
	 * {@code ReactiveSecurityContextHolder} knows. Without one, and for an anonymous one,
	 * the request is made on behalf of the service itself. Needs
	 * {@code spring-security-core}.
	 * @return the resolver
	 */
	static SubjectResolver securityContext() {
		return SecurityContextSubjects.INSTANCE;
	}

}
