package io.github.evertoken.boot.autoconfigure.web;

import java.net.URI;
import java.util.Objects;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.boot.autoconfigure.properties.ReauthenticationResponse;
import io.github.evertoken.boot.autoconfigure.properties.WebProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Tells the user of a web application that somebody must log in again, instead of an
 * error 500. It says which client is concerned, and neither the subject nor what the
 * issuer said: the subject need not be the one who asks.
 * <p>
 * That is said of subjects alone. If it is the service itself that has to be signed in
 * again, none of its users can help, and one who is sent to the login comes back to the
 * same failure: that is the operator's business, and stays an error 500, which is logged.
 */
final class ReauthenticationAnswers implements FailureAnswers {

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

	ReauthenticationAnswers(WebProperties web) {
		this.response = web.reauthenticationResponse();
		this.loginPath = web.loginPath();
	}

	@Override
	public @Nullable ErrorAnswer answer(Throwable failure, HttpHeaders request, String contextPath) {
		ReauthenticationRequiredException required = ErrorAnswer.find(failure, ReauthenticationRequiredException.class);
		if (required == null || required.subject() == null || this.response == ReauthenticationResponse.NONE) {
			return null;
		}
		boolean redirect = this.response == ReauthenticationResponse.REDIRECT && acceptsHtml(request);
		return redirect ? redirect(contextPath) : problem(required.client());
	}

	/**
	 * A browser that shows a page says so; what a script fetches, or another service,
	 * must not be sent to a page.
	 */
	private static boolean acceptsHtml(HttpHeaders request) {
		try {
			return request.getAccept()
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
	private ErrorAnswer redirect(String contextPath) {
		String location = Objects.requireNonNull(this.loginPath);
		ErrorAnswer answer = ErrorAnswer.of(HttpStatus.SEE_OTHER);
		answer.headers().setLocation(URI.create(location.startsWith("/") ? contextPath + location : location));
		return answer;
	}

	private static ErrorAnswer problem(String client) {
		ErrorAnswer answer = ErrorAnswer.problem(HttpStatus.UNAUTHORIZED, "reauthentication-required",
				"Reauthentication required", "Log in again: there is no access to this client any more.", client);
		answer.headers().set(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
		return answer;
	}

}
