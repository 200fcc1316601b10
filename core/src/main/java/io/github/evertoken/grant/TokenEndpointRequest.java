package io.github.evertoken.grant;

import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * One request to a token endpoint (RFC 6749, section 3.2), or to the revocation endpoint
 * beside it (RFC 7009), while it is put together. It is made for one attempt, may be
 * changed until it is sent, and is not thread-safe.
 * <p>
 * All that it carries counts as a secret unless it is known to be public: no exception
 * repeats a header or a form parameter of it, even if the server does. No value appears
 * in {@link #toString()}.
 *
 * @since 0.1.0
 */
public final class TokenEndpointRequest {

	private static final Set<String> PUBLIC_PARAMETERS = Set.of("grant_type", "scope", "client_id", "audience",
			"resource", "client_assertion_type", "requested_token_type", "subject_token_type", "actor_token_type");

	private final URI uri;

	private final URI tokenEndpoint;

	private final @Nullable String issuer;

	private final HttpHeaders headers = new HttpHeaders();

	private final MultiValueMap<String, String> form = new LinkedMultiValueMap<>();

	private final Set<String> concealed = new HashSet<>();

	private final Transmission transmission = new Transmission();

	private Mono<Boolean> remedy = Mono.just(false);

	private Mono<Boolean> relocation = Mono.just(false);

	TokenEndpointRequest(URI uri) {
		this(uri, uri, null);
	}

	TokenEndpointRequest(URI uri, URI tokenEndpoint, @Nullable String issuer) {
		this.uri = uri;
		this.tokenEndpoint = tokenEndpoint;
		this.issuer = issuer;
	}

	/**
	 * Return where the request is sent to.
	 * @return the absolute URI
	 */
	public URI uri() {
		return this.uri;
	}

	/**
	 * Return the token endpoint, though the request be for another: the audience of an
	 * assertion, for instance.
	 * @return the absolute URI
	 */
	public URI tokenEndpoint() {
		return this.tokenEndpoint;
	}

	/**
	 * Return the issuer identifier of the authorization server (RFC 8414, section 2): the
	 * audience of a client assertion, for instance.
	 * @return the issuer, or {@code null} if it is not known
	 */
	public @Nullable String issuer() {
		return this.issuer;
	}

	/**
	 * Return the headers that are sent beside {@code Accept} and {@code Content-Type}.
	 * @return the headers, modifiable
	 */
	public HttpHeaders headers() {
		return this.headers;
	}

	/**
	 * Return the form parameters.
	 * @return the parameters, modifiable
	 */
	public MultiValueMap<String, String> form() {
		return this.form;
	}

	/**
	 * Keep a value out of exceptions that went into this request in another guise, such
	 * as a secret that was encoded or that signed something. Headers and parameters need
	 * not be named.
	 * @param secret the value
	 */
	public void conceal(String secret) {
		this.concealed.add(secret);
	}

	/**
	 * Say what may help if the token endpoint refuses the client: {@code invalid_client},
	 * or {@code unauthorized_client}, which some servers answer to a wrong secret, or
	 * another code of which that is known, or none.
	 * @param remedy a {@code Mono} that tells whether the client would authenticate
	 * otherwise now, such as with a secret that has been replaced. If so, the request is
	 * put together anew and sent once more, and never a third time. It must not block.
	 */
	public void onRefusal(Mono<Boolean> remedy) {
		this.remedy = remedy;
	}

	Mono<Boolean> remedy() {
		return this.remedy;
	}

	/**
	 * Say what may help if the endpoint is gone: a {@code Mono} that tells whether it is
	 * elsewhere by now.
	 */
	void onGone(Mono<Boolean> relocation) {
		this.relocation = relocation;
	}

	Mono<Boolean> relocation() {
		return this.relocation;
	}

	/**
	 * Return what becomes of the request once it is sent.
	 */
	Transmission transmission() {
		return this.transmission;
	}

	/**
	 * Return all that must not be repeated.
	 */
	Collection<String> secrets() {
		Set<String> secrets = new LinkedHashSet<>(this.concealed);
		this.headers.forEach((name, values) -> values.forEach((value) -> {
			secrets.add(value);
			secrets.add(withoutScheme(value));
		}));
		this.form.forEach((name, values) -> {
			if (!PUBLIC_PARAMETERS.contains(name)) {
				secrets.addAll(values);
			}
		});
		List.copyOf(secrets).forEach((secret) -> {
			secrets.add(FormParameters.encode(secret));
			secrets.add(TokenRequestFormat.escape(secret));
		});
		secrets.remove("");
		return secrets;
	}

	private static String withoutScheme(String header) {
		return header.substring(header.indexOf(' ') + 1);
	}

	@Override
	public String toString() {
		return "TokenEndpointRequest[headers=" + this.headers.headerNames() + ", parameters=" + this.form.keySet()
				+ "]";
	}

}
