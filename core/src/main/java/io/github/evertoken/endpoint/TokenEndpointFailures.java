package io.github.evertoken.endpoint;

import java.net.URI;
import java.time.Duration;
import java.util.Set;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.http.EndpointUri;
import io.github.evertoken.http.Redactor;
import io.github.evertoken.http.ResponseBody;
import io.github.evertoken.http.TransportFailure;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatusCode;

/**
 * Tells, for one token request, what went wrong: transient, refused or reauthentication
 * (rule FP-1). What is unknown is transient, and nothing repeats a secret (rule SE-2).
 */
final class TokenEndpointFailures {

	/**
	 * The last two are those of a content delivery network, for the same: an answer that
	 * makes no sense, and none in time.
	 */
	private static final Set<Integer> GATEWAY_STATUSES = Set.of(502, 504, 520, 524);

	private final TokenKey key;

	private final ErrorMeanings meanings;

	private final String name;

	private final String endpoint;

	private final Redactor redactor;

	private final Set<String> scope;

	private final Transmission transmission;

	private TokenEndpointFailures(TokenKey key, PreparedRequest request, ErrorMeanings meanings, String name) {
		this.key = key;
		this.transmission = request.transmission();
		this.meanings = meanings;
		this.name = name;
		this.endpoint = name + " " + EndpointUri.withoutUserInfoAndQuery(request.uri());
		this.redactor = new Redactor(request.secrets());
		String scope = request.form().getFirst("scope");
		this.scope = (scope != null) ? GrantedScope.plain(scope) : Set.of();
	}

	/**
	 * Tell whether a scope that the server names may be shown as it is.
	 */
	boolean isHarmless(String scope) {
		return this.scope.contains(scope) || this.redactor.redact(scope).equals(scope);
	}

	/**
	 * Tell what goes wrong with a token request.
	 * @param meanings what its errors mean
	 */
	static TokenEndpointFailures of(TokenKey key, PreparedRequest request, ErrorMeanings meanings) {
		return new TokenEndpointFailures(key, request, meanings, "the token endpoint");
	}

	/**
	 * Tell what goes wrong with the revocation of a token (RFC 7009).
	 * @param meanings what its errors mean
	 */
	static TokenEndpointFailures ofRevocation(TokenKey key, PreparedRequest request, ErrorMeanings meanings) {
		return new TokenEndpointFailures(key, request, meanings, "the revocation endpoint");
	}

	/**
	 * The endpoint was not reached, or what came was no HTTP response.
	 */
	TokenException exchangeFailed(Throwable failure) {
		String forbidden = TransportFailure.forbidden(failure);
		if (forbidden != null) {
			return new TokenRefusedException(this.key, this.endpoint + " was not called: " + forbidden, null, null,
					null);
		}
		TransportFailure broken = TransportFailure.of(failure);
		if (broken.isUnknownHost()) {
			this.transmission.endpointIsGone();
		}
		String reason = this.endpoint + this.redactor.redact(broken.how());
		return broken.isUntrusted() ? new TokenRefusedException(this.key, reason, null, null, broken.cause())
				: new TransientTokenException(this.key, reason, null, null, null,
						this.transmission.mayHaveArrived(failure), broken.cause());
	}

	/**
	 * The endpoint answered with success, and with more than is read.
	 */
	TokenException answeredTooMuch() {
		return new TransientTokenException(this.key,
				this.endpoint + " answered with more than " + ResponseBody.MAX_KIBIBYTES + " KiB", null, null, null,
				true, null);
	}

	/**
	 * The endpoint answered with success, yet not in words that could be a token
	 * response. It may have been another who has answered, and it may have been the
	 * endpoint, whose words were lost on the way.
	 * @param how how it answered
	 */
	TokenException unreadable(String how) {
		return answered(how, true);
	}

	/**
	 * It was not the endpoint that answered.
	 * @param how how it was answered
	 */
	TokenException answeredByAnother(String how) {
		return answered(how, false);
	}

	private TokenException answered(String how, boolean ambiguous) {
		return new TransientTokenException(this.key, this.endpoint + " answered " + this.redactor.redact(how), null,
				null, null, ambiguous, null);
	}

	/**
	 * The endpoint answered with a token response that cannot be used, and will do so
	 * again.
	 * @param why what is wrong with it, and what to do
	 */
	TokenException unusable(String why) {
		return new TokenRefusedException(this.key,
				this.endpoint + " answered with a token response that cannot be used: " + this.redactor.redact(why),
				null, null, null);
	}

	/**
	 * The endpoint answered with an error (RFC 6749, section 5.2).
	 * @param status the status
	 * @param error what it says about it
	 * @param location where it redirects to, or {@code null}
	 * @param retryAfter how long it asks to be left alone, or {@code null}
	 */
	TokenException error(HttpStatusCode status, ErrorResponse error, @Nullable URI location,
			@Nullable Duration retryAfter) {
		String code = error.code();
		if (code == null && (status.value() == 404 || status.value() == 410)) {
			this.transmission.endpointIsGone();
		}
		String reason = this.endpoint + " answered with status " + status.value()
				+ this.redactor.redact(hint(status, error, location));
		String description = redacted(error.description());
		return switch (this.meanings.kind(status, error)) {
			case REAUTHENTICATION -> new ReauthenticationRequiredException(this.key, reason, code, description, null);
			case REFUSED -> new TokenRefusedException(this.key, reason, code, description, null);
			case TRANSIENT -> new TransientTokenException(this.key, reason, redacted(code), description, retryAfter,
					isOfGateway(status, error), null);
		};
	}

	/**
	 * What a gateway says that has sent the request on and has got no answer (RFC 9110,
	 * sections 15.6.3 and 15.6.5). An error code is the endpoint's own word.
	 */
	private static boolean isOfGateway(HttpStatusCode status, ErrorResponse error) {
		return error.code() == null && GATEWAY_STATUSES.contains(status.value());
	}

	private String hint(HttpStatusCode status, ErrorResponse error, @Nullable URI location) {
		if (status.is3xxRedirection()) {
			return ", a redirect, which is not followed" + target(location);
		}
		if (error.code() != null) {
			return "";
		}
		return switch (status.value()) {
			case 401 -> " and no error code: it takes the client for another, or nobody";
			case 404, 405, 410 -> ": is this " + this.name + "?";
			case 415 -> ": see token-request.format";
			default -> error.isUnreadable()
					? " and an error that is no text: token-response.error tells where its code is" : "";
		};
	}

	/**
	 * Where it leads to may have secrets in it, but for the place itself.
	 */
	private static String target(@Nullable URI location) {
		if (location == null || location.getHost() == null || location.getScheme() == null) {
			return "";
		}
		return "; it leads to " + EndpointUri.withoutUserInfoAndQuery(location);
	}

	private @Nullable String redacted(@Nullable String text) {
		return (text != null) ? this.redactor.redact(text) : null;
	}

}
