package io.github.evertoken.endpoint;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.evertoken.authentication.TokenEndpointRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * A request that is put together here, and sent.
 */
final class PreparedRequest implements TokenEndpointRequest {

	private static final Set<String> PUBLIC_PARAMETERS = Set.of("grant_type", "scope", "client_id", "audience",
			"resource", "client_assertion_type", "requested_token_type", "subject_token_type", "actor_token_type");

	private final URI uri;

	private final URI tokenEndpoint;

	private final @Nullable String issuerUri;

	private final HttpHeaders headers = new HttpHeaders();

	private final MultiValueMap<String, String> form = new LinkedMultiValueMap<>();

	private final Set<String> concealed = new HashSet<>();

	private final Transmission transmission = new Transmission();

	private Mono<Boolean> remedy = Mono.just(false);

	private Mono<Boolean> relocation = Mono.just(false);

	PreparedRequest(URI uri) {
		this(uri, uri, null);
	}

	PreparedRequest(URI uri, URI tokenEndpoint, @Nullable String issuerUri) {
		this.uri = uri;
		this.tokenEndpoint = tokenEndpoint;
		this.issuerUri = issuerUri;
	}

	@Override
	public URI uri() {
		return this.uri;
	}

	@Override
	public URI tokenEndpoint() {
		return this.tokenEndpoint;
	}

	@Override
	public @Nullable String issuerUri() {
		return this.issuerUri;
	}

	@Override
	public HttpHeaders headers() {
		return this.headers;
	}

	@Override
	public MultiValueMap<String, String> form() {
		return this.form;
	}

	@Override
	public void conceal(String secret) {
		this.concealed.add(secret);
	}

	@Override
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
			secrets.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
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
