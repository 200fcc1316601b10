package io.github.evertoken.boot.autoconfigure.web;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Knows how a web application answers requests that fail in one way for want of a token,
 * be it a reactive one or one on servlets.
 */
@FunctionalInterface
interface FailureAnswers {

	/**
	 * Return the answer to a request.
	 * @param failure how it has failed
	 * @param request its headers
	 * @param contextPath the path of the application, without a slash at its end
	 * @return the answer, {@code null} if this is about another failure, or if nothing
	 * was asked for
	 */
	@Nullable ErrorAnswer answer(Throwable failure, HttpHeaders request, String contextPath);

}
