package io.github.evertoken.grant;

import java.nio.charset.StandardCharsets;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;

/**
 * How a client proves to the token endpoint who it is (RFC 6749, section 2.3).
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ClientAuthentication {

	/**
	 * Add to one token request what authenticates the client: headers, form parameters or
	 * both. It is asked anew for each request, so that an assertion can be signed for it.
	 * @param request the request, complete but for the authentication
	 * @return a {@code Mono} that completes when the request is authenticated; it must
	 * not block
	 */
	Mono<Void> authenticate(TokenEndpointRequest request);

	/**
	 * Authenticate with an {@code Authorization: Basic} header. As RFC 6749, section
	 * 2.3.1, has it, the identifier and the secret are form-urlencoded before they are
	 * put together.
	 * @param clientId the client's identifier
	 * @param clientSecret the client's secret
	 * @return the authentication {@code client_secret_basic}
	 * @throws IllegalArgumentException if the identifier or the secret is empty
	 */
	static ClientAuthentication clientSecretBasic(String clientId, String clientSecret) {
		requireText(clientId, "identifier");
		requireText(clientSecret, "secret");
		String credentials = HttpHeaders.encodeBasicAuth(FormParameters.encode(clientId),
				FormParameters.encode(clientSecret), StandardCharsets.US_ASCII);
		return (request) -> Mono.fromRunnable(() -> {
			request.headers().setBasicAuth(credentials);
			request.conceal(clientSecret);
		});
	}

	/**
	 * Authenticate with the form parameters {@code client_id} and {@code client_secret}
	 * (RFC 6749, section 2.3.1). It is for servers that do not know
	 * {@link #clientSecretBasic}, which the RFC prefers.
	 * @param clientId the client's identifier
	 * @param clientSecret the client's secret
	 * @return the authentication {@code client_secret_post}
	 * @throws IllegalArgumentException if the identifier or the secret is empty
	 */
	static ClientAuthentication clientSecretPost(String clientId, String clientSecret) {
		requireText(clientId, "identifier");
		requireText(clientSecret, "secret");
		return (request) -> Mono.fromRunnable(() -> {
			request.form().set("client_id", clientId);
			request.form().set("client_secret", clientSecret);
		});
	}

	/**
	 * Name a public client, which cannot prove who it is: the form parameter
	 * {@code client_id} alone (RFC 6749, section 3.2.1).
	 * @param clientId the client's identifier
	 * @return the authentication {@code none}
	 * @throws IllegalArgumentException if the identifier is empty
	 */
	static ClientAuthentication none(String clientId) {
		requireText(clientId, "identifier");
		return (request) -> Mono.fromRunnable(() -> request.form().set("client_id", clientId));
	}

	private static void requireText(String text, String what) {
		if (text.isBlank()) {
			throw new IllegalArgumentException("The client " + what + " must not be empty");
		}
	}

}
