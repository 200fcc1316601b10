package io.github.evertoken.authentication;

import java.net.URI;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.util.MultiValueMap;

/**
 * One request to a token endpoint (RFC 6749, section 3.2), or to the revocation endpoint
 * beside it (RFC 7009), while it is put together. It is made for one attempt, may be
 * changed until it is sent, and is not thread-safe.
 * <p>
 * All that it carries counts as a secret unless it is known to be public: no exception
 * repeats a header or a form parameter of it, even if the server does. No value appears
 * in its {@code toString()}.
 *
 * @since 0.1.0
 */
public interface TokenEndpointRequest {

	/**
	 * Return where the request is sent to.
	 * @return the absolute URI
	 */
	URI uri();

	/**
	 * Return the token endpoint, though the request be for another: the audience of an
	 * assertion, for instance.
	 * @return the absolute URI
	 */
	URI tokenEndpoint();

	/**
	 * Return the issuer identifier of the authorization server (RFC 8414, section 2): the
	 * audience of a client assertion, for instance.
	 * @return the issuer, or {@code null} if it is not known
	 */
	@Nullable String issuerUri();

	/**
	 * Return the headers that are sent beside {@code Accept} and {@code Content-Type}.
	 * @return the headers, modifiable
	 */
	HttpHeaders headers();

	/**
	 * Return the form parameters.
	 * @return the parameters, modifiable
	 */
	MultiValueMap<String, String> form();

	/**
	 * Keep a value out of exceptions that went into this request in another guise, such
	 * as a secret that was encoded or that signed something. Headers and parameters need
	 * not be named.
	 * @param secret the value
	 */
	void conceal(String secret);

	/**
	 * Say what may help if the token endpoint refuses the client: {@code invalid_client},
	 * or {@code unauthorized_client}, which some servers answer to a wrong secret, or
	 * another code of which that is known, or none.
	 * @param remedy a {@code Mono} that tells whether the client would authenticate
	 * otherwise now, such as with a secret that has been replaced. If so, the request is
	 * put together anew and sent once more, and never a third time. It must not block.
	 */
	void onRefusal(Mono<Boolean> remedy);

}
