package io.github.evertoken.web;

import io.github.evertoken.AccessToken;

import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * That a resource server has accepted the token that it was sent.
 */
final class TokenAcceptance {

	private TokenAcceptance() {
	}

	/**
	 * Let it be known that a token was accepted, if an answer that is no rejection shows
	 * it: an error of the server's own tells nothing about the token, and neither does a
	 * 401 of whatever reason. Nearly every acceptance is no news.
	 */
	static void note(KeyTokens tokens, AccessToken token, ClientRequest request, int status) {
		if (status < HttpStatus.INTERNAL_SERVER_ERROR.value() && status != HttpStatus.UNAUTHORIZED.value()
				&& tokens.isNews(token)) {
			tokens.accept(token, request);
		}
	}

}
