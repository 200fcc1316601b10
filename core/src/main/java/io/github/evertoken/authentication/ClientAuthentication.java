package io.github.evertoken.authentication;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * How a client proves to the token endpoint who it is (RFC 6749, section 2.3). See
 * {@link JwtClientAuthentication} for assertions that the client signs.
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
	 * not block. A {@link io.github.evertoken.CredentialException} of it is taken for a
	 * transient failure.
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
		ClientText.require(clientId, "identifier");
		ClientText.require(clientSecret, "secret");
		return (request) -> Mono.fromRunnable(() -> {
			request.headers()
				.setBasicAuth(ClientText.encode(clientId), ClientText.encode(clientSecret), StandardCharsets.US_ASCII);
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
		ClientText.require(clientId, "identifier");
		ClientText.require(clientSecret, "secret");
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
		ClientText.require(clientId, "identifier");
		return (request) -> Mono.fromRunnable(() -> request.form().set("client_id", clientId));
	}

	/**
	 * Send nothing by which the client is known, not even its identifier: the assertion
	 * that it shows says who it is (RFC 7521, section 4.1).
	 * @return no authentication
	 */
	static ClientAuthentication omitted() {
		return (request) -> Mono.empty();
	}

	/**
	 * Name a client that its TLS certificate authenticates (RFC 8705, section 2): the
	 * form parameter {@code client_id} alone. The certificate is a matter of the
	 * connection, whose {@code WebClient} must have it.
	 * @param clientId the client's identifier
	 * @return the authentication {@code tls_client_auth} or
	 * {@code self_signed_tls_client_auth}, which the server tells apart
	 * @throws IllegalArgumentException if the identifier is empty
	 */
	static ClientAuthentication tlsClientAuth(String clientId) {
		return none(clientId);
	}

	/**
	 * Authenticate with an assertion (RFC 7521, section 4.2) that somebody else puts into
	 * a file and replaces there: a projected token of Kubernetes, a JWT-SVID of SPIFFE.
	 * The file is read, on a thread that may block, for each request. While it is missing
	 * or holds no JWT, requests fail with a
	 * {@link io.github.evertoken.CredentialException}.
	 * <p>
	 * This method reads it too, and blocks, so that a wrong location is found at once.
	 * @param clientId the client's identifier
	 * @param type the {@code client_assertion_type}, or {@code null} for
	 * {@code urn:ietf:params:oauth:client-assertion-type:jwt-bearer} (RFC 7523)
	 * @param file the file
	 * @return the authentication
	 * @throws IllegalArgumentException if the identifier or the type is empty
	 * @throws io.github.evertoken.CredentialException if the file cannot be read now, or
	 * holds no JWT
	 */
	static ClientAuthentication clientAssertion(String clientId, @Nullable String type, CredentialFile file) {
		ClientText.require(clientId, "identifier");
		String known = (type != null) ? type : ClientAssertion.JWT_BEARER;
		ClientText.require(known, "assertion's type");
		return new ClientAssertion(clientId, known, file);
	}

	/**
	 * Authenticate with a credential that may be replaced while the application runs. It
	 * is read now, and again when the token endpoint refuses the client
	 * ({@code invalid_client}); if it has changed, the request is sent once more with the
	 * new one. If it cannot be read then, the old one stays in use and a warning is
	 * logged.
	 * @param <T> what the credential is read as
	 * @param name what the log calls it, such as the name of a property
	 * @param source reads the credential, such as a {@link CredentialFile}; it may block
	 * @param method makes an authentication of it. The message of its
	 * {@link IllegalArgumentException} is logged, so it must not repeat the credential.
	 * @return the authentication
	 * @throws RuntimeException what the source or the method throws now
	 */
	static <T> ClientAuthentication reloading(String name, Supplier<? extends T> source,
			Function<? super T, ? extends ClientAuthentication> method) {
		return new ReloadingClientAuthentication<T>(name, source, method);
	}

}
