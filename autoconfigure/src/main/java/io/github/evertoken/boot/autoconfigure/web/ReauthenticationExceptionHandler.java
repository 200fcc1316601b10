package io.github.evertoken.boot.autoconfigure.web;

import java.net.URI;
import java.util.Objects;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.boot.autoconfigure.properties.ReauthenticationResponse;
import io.github.evertoken.boot.autoconfigure.properties.WebProperties;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;

/**
 * Tells the user of a web application that somebody must log in again, instead of an
 * error 500. It says which client is concerned, and neither the subject nor what the
 * issuer said: the subject need not be the one who asks.
 * <p>
 * That is said of subjects alone. If it is the service itself that has to be signed in
 * again, none of its users can help, and one who is sent to the login comes back to the
 * same failure: that is the operator's business, and stays an error 500, which is logged.
 */
final class ReauthenticationExceptionHandler implements WebExceptionHandler, Ordered {

	/**
	 * RFC 9110, section 15.5.2, asks for a challenge. That of RFC 9470 is the one that
	 * fits: the caller's own token is as good as before, and another one of the same
	 * login would not help. With {@code invalid_token} a caller would renew its token and
	 * try again, in vain.
	 */
	static final String CHALLENGE = "Bearer error=\"insufficient_user_authentication\", "
			+ "error_description=\"Log in again\"";

	private final ReauthenticationResponse response;

	private final @Nullable String loginPath;

	ReauthenticationExceptionHandler(WebProperties web) {
		this.response = web.reauthenticationResponse();
		this.loginPath = web.loginPath();
	}

	@Override
	public int getOrder() {
		return ErrorResponseWriter.ORDER;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable ex) {
		ReauthenticationRequiredException required = ErrorResponseWriter.find(ex,
				ReauthenticationRequiredException.class);
		if (required == null || required.subject() == null || this.response == ReauthenticationResponse.NONE
				|| exchange.getResponse().isCommitted()) {
			return Mono.error(ex);
		}
		boolean redirect = this.response == ReauthenticationResponse.REDIRECT && acceptsHtml(exchange.getRequest());
		return redirect ? redirect(exchange) : problem(exchange.getResponse(), required.client());
	}

	/**
	 * A browser that shows a page says so; what a script fetches, or another service,
	 * must not be sent to a page.
	 */
	private static boolean acceptsHtml(ServerHttpRequest request) {
		try {
			return request.getHeaders()
				.getAccept()
				.stream()
				.anyMatch((type) -> type.equalsTypeAndSubtype(MediaType.TEXT_HTML)
						|| type.equalsTypeAndSubtype(MediaType.APPLICATION_XHTML_XML));
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	/**
	 * 303, because the login is to be got, whatever the request was.
	 */
	private Mono<Void> redirect(ServerWebExchange exchange) {
		String location = Objects.requireNonNull(this.loginPath);
		if (location.startsWith("/")) {
			location = exchange.getRequest().getPath().contextPath().value() + location;
		}
		HttpHeaders headers = ErrorResponseWriter.start(exchange.getResponse(), HttpStatus.SEE_OTHER);
		headers.setLocation(URI.create(location));
		return exchange.getResponse().setComplete();
	}

	private static Mono<Void> problem(ServerHttpResponse response, String client) {
		ErrorResponseWriter.start(response, HttpStatus.UNAUTHORIZED).set(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
		return ErrorResponseWriter.problem(response, "reauthentication-required", "Reauthentication required",
				"Log in again: there is no access to this client any more.", client);
	}

}
