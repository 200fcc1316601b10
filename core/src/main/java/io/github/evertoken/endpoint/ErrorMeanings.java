package io.github.evertoken.endpoint;

import java.util.Map;

import io.github.evertoken.grant.AuthorizationGrant;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatusCode;

/**
 * What the errors of one token request mean (rule FP-1).
 *
 * @param told what the user has told about error codes
 * @param grant what was shown, see {@link AuthorizationGrant#isRefusedWith}
 * @param servicesOwn whether it was the client's own grant, for the client itself: there
 * is no user who could log in again
 */
record ErrorMeanings(Map<String, FailureKind> told, AuthorizationGrant grant, boolean servicesOwn) {

	private static final int TOO_MANY_REQUESTS = 429;

	/**
	 * Return what can help.
	 */
	FailureKind kind(HttpStatusCode status, ErrorResponse error) {
		String code = error.code();
		FailureKind kind = (code != null) ? kind(status, code, error.description()) : kind(status);
		return (kind == FailureKind.REAUTHENTICATION && this.servicesOwn) ? FailureKind.REFUSED : kind;
	}

	private FailureKind kind(HttpStatusCode status, String code, @Nullable String description) {
		FailureKind told = this.told.get(code);
		if (told != null) {
			return told;
		}
		if (status.value() == TOO_MANY_REQUESTS) {
			return FailureKind.TRANSIENT;
		}
		if (this.grant.isRefusedWith(code, description)) {
			return FailureKind.REAUTHENTICATION;
		}
		return ErrorCodes.isRefusal(code) ? FailureKind.REFUSED : FailureKind.TRANSIENT;
	}

	/**
	 * Without a code, the status alone can say that time is no help: the endpoint is
	 * another one or elsewhere, or takes another client or format.
	 */
	private static FailureKind kind(HttpStatusCode status) {
		return switch (status.value()) {
			case 301, 308, 401, 404, 405, 410, 415 -> FailureKind.REFUSED;
			default -> FailureKind.TRANSIENT;
		};
	}

}
