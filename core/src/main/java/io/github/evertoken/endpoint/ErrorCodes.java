package io.github.evertoken.endpoint;

import java.util.Collection;
import java.util.Set;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.http.Redactor;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code error} codes of a token endpoint mean (RFC 6749, section 5.2; rule
 * FP-1), for an issuer to which somebody else has made the call.
 *
 * @since 0.1.0
 */
public final class ErrorCodes {

	/**
	 * The error codes that only another configuration can help (RFC 6749, sections
	 * 4.1.2.1 and 5.2; RFC 8707, section 2; RFC 9396, section 5).
	 */
	private static final Set<String> REFUSALS = Set.of("invalid_request", "invalid_client", "unauthorized_client",
			"access_denied", "invalid_scope", "unsupported_grant_type", "invalid_target",
			"invalid_authorization_details");

	private ErrorCodes() {
	}

	/**
	 * Return the failure that an error stands for: reauthentication for
	 * {@code invalid_grant} and what else only another log-in can help, refused for what
	 * only another configuration can help, and transient for all else. What a service is
	 * granted in its own name is refused instead of reauthentication: there is nobody to
	 * log in. Neither text is repeated before it is redacted (rule SE-2).
	 * @param key the key for which no token could be had
	 * @param refreshed whether a refresh token was shown
	 * @param reason what went wrong; never a secret
	 * @param error the issuer's {@code error}, or {@code null}
	 * @param errorDescription the issuer's {@code error_description}, or {@code null}
	 * @param secrets all that must not be repeated, such as the refresh token
	 * @return the failure
	 */
	public static TokenException failure(TokenKey key, boolean refreshed, String reason, @Nullable String error,
			@Nullable String errorDescription, Collection<String> secrets) {
		Redactor redactor = new Redactor(secrets.stream().filter((secret) -> !secret.isEmpty()).toList());
		String description = (errorDescription != null) ? redactor.redact(errorDescription) : null;
		if (error != null && AuthorizationGrant.refreshTokenOnly().isRefusedWith(error, errorDescription)) {
			return (refreshed || key.subject() != null)
					? new ReauthenticationRequiredException(key, reason, error, description, null)
					: new TokenRefusedException(key, reason, error, description, null);
		}
		if (error != null && isRefusal(error)) {
			return new TokenRefusedException(key, reason, error, description, null);
		}
		return new TransientTokenException(key, reason, (error != null) ? redactor.redact(error) : null, description,
				null, null);
	}

	static boolean isRefusal(String error) {
		return REFUSALS.contains(error);
	}

}
