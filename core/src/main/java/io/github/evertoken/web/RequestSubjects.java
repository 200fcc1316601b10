package io.github.evertoken.web;

import java.util.Objects;

import reactor.core.publisher.Mono;

/**
 * The resolvers that need nothing but a request.
 */
final class RequestSubjects {

	static final SubjectResolver SERVICE = (request) -> Mono.empty();

	private RequestSubjects() {
	}

	static SubjectResolver attribute(String name) {
		Objects.requireNonNull(name, "name");
		return (request) -> Mono.justOrEmpty(request.attribute(name)).map(Object::toString);
	}

	static SubjectResolver contextKey(Object key) {
		Objects.requireNonNull(key, "key");
		return (request) -> Mono
			.deferContextual((context) -> Mono.justOrEmpty(context.getOrEmpty(key)).map(Object::toString));
	}

}
