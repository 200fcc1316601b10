package io.github.evertoken.endpoint;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import io.github.evertoken.TokenSet;
import io.github.evertoken.http.JsonObject;
import io.github.evertoken.http.ResponseBody;
import io.github.evertoken.http.RetryAfter;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * Reads the response to one token request, or to one revocation.
 */
final class TokenResponseReader {

	private final TokenEndpointFailures failures;

	private final TokenResponseFormat format;

	TokenResponseReader(TokenEndpointFailures failures, TokenResponseFormat format) {
		this.failures = failures;
		this.format = format;
	}

	/**
	 * Read the response to a token request to its end.
	 * @param response the response
	 * @return a {@code Mono} with the token set, or with the
	 * {@link io.github.evertoken.TokenException} that the response amounts to
	 */
	Mono<TokenSet> read(ClientResponse response) {
		return response.statusCode().is2xxSuccessful() ? readSuccess(response).map((body) -> tokenSet(response, body))
				: readError(response);
	}

	/**
	 * Read the response to a revocation to its end.
	 * @param response the response
	 * @return a {@code Mono} that completes if there is no error, or with the
	 * {@link io.github.evertoken.TokenException} that the response amounts to
	 */
	Mono<Void> readNothing(ClientResponse response) {
		return response.statusCode().is2xxSuccessful()
				? readSuccess(response).doOnNext((body) -> requireNoError(response, body.json())).then()
				: readError(response);
	}

	private Mono<ResponseBody> readSuccess(ClientResponse response) {
		return ResponseBody.read(response)
			.onErrorMap(DataBufferLimitException.class, (ex) -> this.failures.answeredTooMuch());
	}

	private <T> Mono<T> readError(ClientResponse response) {
		return ResponseBody.read(response)
			.doOnNext((body) -> requireScheme(response, body))
			.mapNotNull(ResponseBody::json)
			.onErrorComplete(DataBufferLimitException.class)
			.defaultIfEmpty(JsonObject.EMPTY)
			.map((json) -> {
				throw error(response, ErrorResponse.of(json, this.format));
			});
	}

	private void requireScheme(ClientResponse response, ResponseBody body) {
		int status = response.statusCode().value();
		if (body.isTlsWanted(response.statusCode())) {
			throw this.failures.answeredByAnother(
					"with status " + status + " that it speaks https at this port, so that the URL begins with https:");
		}
	}

	private RuntimeException error(ClientResponse response, ErrorResponse error) {
		HttpHeaders headers = response.headers().asHttpHeaders();
		return this.failures.error(response.statusCode(), error, headers.getLocation(),
				RetryAfter.of(headers, Instant.now()));
	}

	private void requireNoError(ClientResponse response, @Nullable JsonObject json) {
		ErrorResponse error = ErrorResponse.of(json, this.format);
		if (error.code() != null || error.isUnreadable()) {
			throw error(response, error);
		}
	}

	private TokenSet tokenSet(ClientResponse response, ResponseBody body) {
		JsonObject json = body.json();
		TokenResponse tokens = new TokenResponse(this.format, response.headers().asHttpHeaders(),
				(json != null) ? json : JsonObject.EMPTY);
		if (!tokens.hasAccessToken()) {
			requireNoError(response, json);
			if (json == null && this.format.accessTokenHeader() == null) {
				throw this.failures.unreadable("with " + body.description(response.statusCode()));
			}
		}
		try {
			return withoutSecretScope(tokens.read(Instant.now()));
		}
		catch (IllegalArgumentException ex) {
			throw this.failures.unusable(String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * A scope is shown to people, and a server may repeat there what it was sent.
	 */
	private TokenSet withoutSecretScope(TokenSet tokens) {
		Set<String> scope = tokens.scope();
		if (scope == null) {
			return tokens;
		}
		List<String> harmless = scope.stream().filter(this.failures::isHarmless).toList();
		return tokens.mutate().scope(harmless.isEmpty() ? null : harmless).build();
	}

}
