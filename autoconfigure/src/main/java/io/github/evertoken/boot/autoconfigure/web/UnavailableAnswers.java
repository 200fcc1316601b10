package io.github.evertoken.boot.autoconfigure.web;

import java.time.Duration;
import java.util.Map;

import io.github.evertoken.TransientTokenException;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.boot.autoconfigure.properties.UnavailableResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * Tells whoever calls a web application that it is to come back later, instead of an
 * error 500, if no token can be had for the moment: an issuer that is down is no fault of
 * the application. It says when: as the issuer does, or else after the longest cooldown
 * that follows a first failure.
 */
final class UnavailableAnswers implements FailureAnswers {

	/**
	 * What an issuer may ask for, as far as it is believed.
	 */
	private static final Duration LONGEST = Duration.ofMinutes(5);

	private static final Duration SHORTEST = Duration.ofSeconds(1);

	private final UnavailableResponse response;

	private final Map<String, ClientProperties> clients;

	UnavailableAnswers(EvertokenProperties properties) {
		this.response = properties.web().unavailableResponse();
		this.clients = properties.clients();
	}

	@Override
	public @Nullable ErrorAnswer answer(Throwable failure, HttpHeaders request, String contextPath) {
		TransientTokenException unavailable = ErrorAnswer.find(failure, TransientTokenException.class);
		if (unavailable == null || this.response == UnavailableResponse.NONE) {
			return null;
		}
		ErrorAnswer answer = ErrorAnswer.problem(HttpStatus.SERVICE_UNAVAILABLE, "token-unavailable",
				"Token unavailable", "There is no access to this client for the moment.", unavailable.client());
		answer.headers().set(HttpHeaders.RETRY_AFTER, String.valueOf(seconds(retryAfter(unavailable))));
		return answer;
	}

	private Duration retryAfter(TransientTokenException failure) {
		Duration asked = failure.retryAfter();
		ClientProperties client = this.clients.get(failure.client());
		if (asked != null || client == null) {
			return (asked != null) ? asked : SHORTEST;
		}
		return client.retry().initialBackoff();
	}

	/**
	 * The header knows no parts of a second, and whoever comes too early comes in vain.
	 */
	private static long seconds(Duration duration) {
		Duration bounded = (duration.compareTo(LONGEST) > 0) ? LONGEST : duration;
		return Math.max(SHORTEST.toSeconds(), bounded.plusMillis(999).toSeconds());
	}

}
