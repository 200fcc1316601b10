package io.github.evertoken.web;

import io.github.evertoken.lifecycle.HeldToken;

import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * What a resource server's answer says of the token that it was sent.
 */
final class Answers {

	private Answers() {
	}

	static boolean isRejection(ClientResponse response) {
		return response.statusCode().value() == HttpStatus.UNAUTHORIZED.value();
	}

	/**
	 * Let it be known that a token was accepted, if an answer that is no rejection shows
	 * it: an error of the server's own tells nothing about the token.
	 */
	static void accept(HeldToken token, ClientResponse response) {
		if (response.statusCode().value() < HttpStatus.INTERNAL_SERVER_ERROR.value()) {
			token.accepted();
		}
	}

}
