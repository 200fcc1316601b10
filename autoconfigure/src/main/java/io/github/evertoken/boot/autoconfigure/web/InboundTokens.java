package io.github.evertoken.boot.autoconfigure.web;

import io.github.evertoken.web.SubjectTokenResolver;
import reactor.core.publisher.Mono;

/**
 * Where the token is found with which the application was called, unless it says so
 * itself. It is no {@link SubjectTokenResolver}, so that it stands in nobody's way who
 * has one for a single client.
 *
 * @param resolver finds the token
 */
record InboundTokens(SubjectTokenResolver resolver) {

	/**
	 * Without Spring Security nobody has checked a token.
	 */
	static InboundTokens none() {
		return new InboundTokens((request) -> Mono.empty());
	}

}
