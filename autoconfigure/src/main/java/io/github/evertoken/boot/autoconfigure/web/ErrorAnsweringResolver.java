package io.github.evertoken.boot.autoconfigure.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Gives the answers of a web application on servlets. It comes after what the application
 * itself has for its exceptions, and before what answers all of them.
 */
final class ErrorAnsweringResolver implements HandlerExceptionResolver, Ordered {

	private final FailureAnswers answers;

	ErrorAnsweringResolver(FailureAnswers answers) {
		this.answers = answers;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public @Nullable ModelAndView resolveException(HttpServletRequest request, HttpServletResponse response,
			@Nullable Object handler, Exception ex) {
		ErrorAnswer answer = response.isCommitted() ? null
				: this.answers.answer(ex, headers(request), request.getContextPath());
		return (answer != null && give(answer, response)) ? new ModelAndView() : null;
	}

	private static HttpHeaders headers(HttpServletRequest request) {
		HttpHeaders headers = new HttpHeaders();
		Collections.list(request.getHeaders(HttpHeaders.ACCEPT))
			.forEach((accept) -> headers.add(HttpHeaders.ACCEPT, accept));
		return headers;
	}

	private static void write(byte[] body, HttpServletResponse response) throws IOException {
		try {
			response.getOutputStream().write(body);
		}
		catch (IllegalStateException ex) {
			// A controller that takes a Writer has had it before it failed.
			response.getWriter().write(new String(body, StandardCharsets.US_ASCII));
		}
	}

	/**
	 * Whoever is not there any more to read the answer gets none.
	 */
	private static boolean give(ErrorAnswer answer, HttpServletResponse response) {
		response.resetBuffer();
		response.setStatus(answer.status().value());
		answer.headers().forEach((name, values) -> response.setHeader(name, String.join(", ", values)));
		try {
			write(answer.body(), response);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
