package io.github.evertoken.grant;

import java.time.Duration;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/**
 * Tells, for one token request, what went wrong: transient, refused or reauthentication
 * (rule FP-1). Whatever is unknown is transient, and nothing repeats a secret (rule
 * SE-2).
 */
final class TokenEndpointFailures {

	private static final int TOO_MANY_REQUESTS = 429;

	private final TokenKey key;

	private final AuthorizationGrant grant;

	private final String kind;

	private final String endpoint;

	private final Redactor redactor;

	TokenEndpointFailures(TokenKey key, TokenEndpointRequest request, AuthorizationGrant grant) {
		this(key, request, grant, "the token endpoint");
	}

	private TokenEndpointFailures(TokenKey key, TokenEndpointRequest request, AuthorizationGrant grant, String kind) {
		this.key = key;
		this.grant = grant;
		this.kind = kind;
		this.endpoint = kind + " " + EndpointUri.withoutUserInfoAndQuery(request.uri());
		this.redactor = new Redactor(request.secrets());
	}

	/**
	 * Tell what goes wrong with the revocation of a token (RFC 7009).
	 */
	static TokenEndpointFailures ofRevocation(TokenKey key, TokenEndpointRequest request) {
		return new TokenEndpointFailures(key, request, AuthorizationGrant.refreshTokenOnly(),
				"the revocation endpoint");
	}

	/**
	 * The endpoint was not reached, or what came was no HTTP response.
	 */
	TokenException exchangeFailed(Throwable failure) {
		BrokenExchange broken = BrokenExchange.of(failure);
		return new TransientTokenException(this.key, this.endpoint + this.redactor.redact(broken.how()),
				broken.cause());
	}

	/**
	 * The endpoint answered with success, yet not with a token response.
	 * @param how how it answered
	 */
	TokenException answered(String how) {
		return new TransientTokenException(this.key, this.endpoint + " answered " + this.redactor.redact(how), null);
	}

	/**
	 * The endpoint answered with a token that is not of the type that the client insists
	 * on: it is not bound to the client's key, and is not to be used (RFC 9449, section
	 * 5).
	 * @param type the type that was asked for
	 */
	TokenException otherType(String type) {
		return new TokenRefusedException(this.key,
				this.endpoint + " answered with a token whose token_type is not " + type
						+ ". The client insists on one; see to it that the authorization server supports it and has it"
						+ " enabled for this client, or configure the client without it",
				null, null, null);
	}

	/**
	 * The endpoint answered with an error (RFC 6749, section 5.2).
	 * @param status the status, none of success
	 * @param json the body, empty if it is no JSON object
	 * @param retryAfter how long the endpoint asks to be left alone, or {@code null}
	 */
	TokenException error(HttpStatusCode status, JsonObject json, @Nullable Duration retryAfter) {
		String code = json.string("error");
		String reason = this.endpoint + " answered with status " + status.value()
				+ (status.is3xxRedirection() ? ", a redirect, which is not followed" : "")
				+ ((code == null && isElsewhere(status)) ? ": is this " + this.kind + "?" : "");
		String error = redacted(code);
		String description = redacted(json.string("error_description"));
		boolean definite = status.is4xxClientError() && status.value() != TOO_MANY_REQUESTS;
		if (definite && code != null && this.grant.isRefusedWith(code)) {
			return new ReauthenticationRequiredException(this.key, reason, code, description, null);
		}
		if (definite && TokenErrors.isRefusal(code)) {
			return new TokenRefusedException(this.key, reason, code, description, null);
		}
		return new TransientTokenException(this.key, reason, error, description, retryAfter, null);
	}

	private static boolean isElsewhere(HttpStatusCode status) {
		return status.value() == HttpStatus.NOT_FOUND.value()
				|| status.value() == HttpStatus.METHOD_NOT_ALLOWED.value();
	}

	private @Nullable String redacted(@Nullable String text) {
		return (text != null) ? this.redactor.redact(text) : null;
	}

}
