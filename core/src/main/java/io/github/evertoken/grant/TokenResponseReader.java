package io.github.evertoken.grant;

import java.time.Instant;
import java.util.Set;

import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * Reads the response to one token request.
 */
final class TokenResponseReader {

	private static final Set<String> NOT_JSON = Set.of("html", "xhtml+xml", "xml", "x-www-form-urlencoded");

	private final TokenEndpointFailures failures;

	private final TokenResponseFormat format;

	TokenResponseReader(TokenEndpointFailures failures, TokenResponseFormat format) {
		this.failures = failures;
		this.format = format;
	}

	/**
	 * Read a response to its end.
	 * @param response the response
	 * @return a {@code Mono} with the token set, or with the
	 * {@link io.github.evertoken.TokenException} that the response amounts to
	 */
	Mono<TokenSet> read(ClientResponse response) {
		return response.statusCode().is2xxSuccessful() ? readTokenSet(response) : readError(response);
	}

	private Mono<TokenSet> readTokenSet(ClientResponse response) {
		return ResponseBody.read(response)
			.map((body) -> tokenSet(response, body))
			.onErrorMap(DataBufferLimitException.class,
					(ex) -> this.failures.answered("with more than " + ResponseBody.MAX_KIBIBYTES + " KiB"));
	}

	private Mono<TokenSet> readError(ClientResponse response) {
		return ResponseBody.read(response)
			.doOnNext((body) -> requireScheme(response, body))
			.mapNotNull(JsonObject::parse)
			.onErrorComplete(DataBufferLimitException.class)
			.defaultIfEmpty(JsonObject.EMPTY)
			.map((json) -> {
				throw this.failures.error(response.statusCode(), json,
						RetryAfter.of(response.headers().asHttpHeaders(), Instant.now()));
			});
	}

	private void requireScheme(ClientResponse response, byte[] body) {
		int status = response.statusCode().value();
		if (SchemeHint.isTlsWanted(status, body)) {
			throw this.failures.answered(
					"with status " + status + " that it speaks https at this port, so that the URL begins with https:");
		}
	}

	private TokenSet tokenSet(ClientResponse response, byte[] body) {
		JsonObject json = (this.format.accessTokenHeader() != null) ? anyJson(body) : json(response, body);
		TokenResponse tokens = new TokenResponse(this.format, response.headers().asHttpHeaders(), json);
		if (!tokens.isOfRequiredType()) {
			throw this.failures.otherType(this.format.scheme());
		}
		try {
			return tokens.read(Instant.now());
		}
		catch (IllegalArgumentException ex) {
			throw this.failures.answered("with a token response that cannot be used: " + ex.getMessage());
		}
	}

	private static JsonObject anyJson(byte[] body) {
		JsonObject json = JsonObject.parse(body);
		return (json != null) ? json : JsonObject.EMPTY;
	}

	private JsonObject json(ClientResponse response, byte[] body) {
		MediaType type = contentType(response);
		if (type != null && NOT_JSON.contains(type.getSubtype())) {
			throw this.failures.answered("with " + type.getType() + '/' + type.getSubtype() + " instead of JSON");
		}
		if (body.length == 0) {
			throw this.failures.answered("with status " + response.statusCode().value() + " and no body");
		}
		JsonObject json = JsonObject.parse(body);
		if (json == null) {
			throw this.failures.answered("with something else than a JSON object");
		}
		return json;
	}

	private static @Nullable MediaType contentType(ClientResponse response) {
		try {
			return response.headers().contentType().orElse(null);
		}
		catch (InvalidMediaTypeException ex) {
			return null;
		}
	}

}
