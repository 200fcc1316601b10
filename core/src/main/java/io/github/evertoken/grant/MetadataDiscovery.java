package io.github.evertoken.grant;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.github.evertoken.TokenKey;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Asks an authorization server for its metadata, once.
 */
final class MetadataDiscovery implements AuthorizationServerMetadataSource {

	private static final String OPENID_CONNECT = "/.well-known/openid-configuration";

	private static final String OAUTH = "/.well-known/oauth-authorization-server";

	private static final int REQUEST_TIMEOUT = 408;

	private static final int TOO_MANY_REQUESTS = 429;

	private final WebClient webClient;

	private final String issuer;

	private final List<URI> locations;

	// Whoever comes while the server is asked joins in, and the last one to leave cancels
	// that. An error is passed on to them, and not kept.
	private final Mono<AuthorizationServerMetadata> metadata = Mono.defer(() -> ask(0))
		.cacheInvalidateIf((found) -> false);

	MetadataDiscovery(WebClient webClient, String issuer) {
		this.webClient = Objects.requireNonNull(webClient, "webClient");
		this.issuer = issuer;
		this.locations = locations(requireIssuer(issuer));
	}

	private static URI requireIssuer(String issuer) {
		URI uri = EndpointUri.require(parse(issuer), "The issuer");
		if (uri.getRawQuery() != null) {
			throw new IllegalArgumentException("The issuer must not have a query");
		}
		return uri;
	}

	private static URI parse(String issuer) {
		try {
			return new URI(issuer);
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException(
					"The issuer must be a URI, but has a wrong character at position " + ex.getIndex());
		}
	}

	/**
	 * The order is that of Spring Security. Without a path, the first two are one.
	 */
	private static List<URI> locations(URI issuer) {
		String origin = issuer.getScheme() + "://" + issuer.getRawAuthority();
		String path = issuer.getRawPath().replaceFirst("/$", "");
		Set<URI> locations = new LinkedHashSet<>();
		locations.add(URI.create(origin + path + OPENID_CONNECT));
		locations.add(URI.create(origin + OPENID_CONNECT + path));
		locations.add(URI.create(origin + OAUTH + path));
		return List.copyOf(locations);
	}

	@Override
	public Mono<AuthorizationServerMetadata> metadata(TokenKey key) {
		return this.metadata.onErrorMap(DiscoveryFailure.class, (failure) -> failure.toTokenException(key));
	}

	private Mono<AuthorizationServerMetadata> ask(int index) {
		if (index == this.locations.size()) {
			return Mono.error(() -> DiscoveryFailure.passing("issuer-uri is '" + this.issuer
					+ "', but no metadata document was found at " + this.locations + ": set token-uri", null, null));
		}
		URI location = this.locations.get(index);
		return this.webClient.get()
			.uri(location)
			.accept(MediaType.APPLICATION_JSON)
			.exchangeToMono((response) -> read(response, location))
			.onErrorMap((ex) -> !(ex instanceof DiscoveryFailure), (ex) -> broken(location, ex))
			.switchIfEmpty(Mono.defer(() -> ask(index + 1)));
	}

	/**
	 * Read a document, or nothing where there is none.
	 */
	private Mono<AuthorizationServerMetadata> read(ClientResponse response, URI location) {
		HttpStatusCode status = response.statusCode();
		if (status.is2xxSuccessful()) {
			return ResponseBody.read(response)
				.map((body) -> document(body, location))
				.onErrorMap(DataBufferLimitException.class,
						(ex) -> passing(location, "has more than " + ResponseBody.MAX_KIBIBYTES + " KiB"));
		}
		// Read to its end, so that the connection can be used again.
		Mono<byte[]> body = ResponseBody.read(response).onErrorComplete(DataBufferLimitException.class);
		return isAbsent(status) ? body.then(Mono.empty()) : body.then(Mono.error(() -> failed(response, location)));
	}

	/**
	 * Some gateways answer 401 or 403 where there is nothing.
	 */
	private static boolean isAbsent(HttpStatusCode status) {
		return status.is4xxClientError() && status.value() != REQUEST_TIMEOUT && status.value() != TOO_MANY_REQUESTS;
	}

	private AuthorizationServerMetadata document(byte[] body, URI location) {
		JsonObject json = JsonObject.parse(body);
		if (json == null) {
			throw passing(location, "is no JSON object");
		}
		return new MetadataDocument(this.issuer, location.toString(), json).read();
	}

	private static DiscoveryFailure failed(ClientResponse response, URI location) {
		HttpStatusCode status = response.statusCode();
		return DiscoveryFailure.passing(
				"the metadata document " + location + " was answered with status " + status.value()
						+ (status.is3xxRedirection() ? ", a redirect, which is not followed" : ""),
				RetryAfter.of(response.headers().asHttpHeaders(), Instant.now()), null);
	}

	private static DiscoveryFailure passing(URI location, String what) {
		return DiscoveryFailure.passing("the metadata document " + location + " " + what, null, null);
	}

	private static DiscoveryFailure broken(URI location, Throwable ex) {
		String forbidden = BrokenExchange.forbidden(ex);
		if (forbidden != null) {
			return DiscoveryFailure.refused("the metadata document " + location + " was not asked for: " + forbidden);
		}
		BrokenExchange broken = BrokenExchange.of(ex);
		return DiscoveryFailure.passing("the metadata document " + location + Redactor.printable(broken.how()), null,
				broken.cause());
	}

	@Override
	public String toString() {
		return "MetadataDiscovery[" + this.issuer + "]";
	}

}
