package io.github.evertoken.discovery;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.TokenKey;
import io.github.evertoken.http.EndpointUri;
import io.github.evertoken.http.JsonObject;
import io.github.evertoken.http.Redactor;
import io.github.evertoken.http.ResponseBody;
import io.github.evertoken.http.RetryAfter;
import io.github.evertoken.http.TransportFailure;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Asks an authorization server for its metadata, once a day.
 */
final class MetadataDiscovery implements AuthorizationServerMetadataSource {

	private static final String OPENID_CONNECT = "/.well-known/openid-configuration";

	private static final String OAUTH = "/.well-known/oauth-authorization-server";

	private static final int REQUEST_TIMEOUT = 408;

	private static final int TOO_MANY_REQUESTS = 429;

	private static final Duration KEPT = Duration.ofDays(1);

	/**
	 * How long what was found serves on when it cannot be asked for again.
	 */
	private static final Duration KEPT_ON = Duration.ofMinutes(5);

	private final WebClient webClient;

	private final String issuerUri;

	private final List<URI> locations;

	private final InstantSource clock;

	// Whoever comes while the server is asked joins in, and the last one to leave cancels
	// that. An error is passed on to them, and not kept.
	private final Mono<Found> found = Mono.defer(this::search).cacheInvalidateIf(this::isDue);

	// What was found last, and whether an endpoint of it is known to be gone.
	private volatile @Nullable Found last;

	private volatile @Nullable AuthorizationServerMetadata gone;

	MetadataDiscovery(WebClient webClient, String issuerUri) {
		this(webClient, issuerUri, InstantSource.system());
	}

	MetadataDiscovery(WebClient webClient, String issuerUri, InstantSource clock) {
		this.webClient = Objects.requireNonNull(webClient, "webClient");
		this.issuerUri = issuerUri;
		this.locations = locations(requireIssuer(issuerUri));
		this.clock = clock;
	}

	private static URI requireIssuer(String issuerUri) {
		URI uri = EndpointUri.require(parse(issuerUri), "The issuer");
		if (uri.getRawQuery() != null) {
			throw new IllegalArgumentException("The issuer must not have a query");
		}
		return uri;
	}

	private static URI parse(String issuerUri) {
		try {
			return new URI(issuerUri);
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException(
					"The issuer must be a URI, but has a wrong character at position " + ex.getIndex());
		}
	}

	/**
	 * The order is that of Spring Security. Without a path, the first two are one.
	 */
	private static List<URI> locations(URI issuerUri) {
		String origin = issuerUri.getScheme() + "://" + issuerUri.getRawAuthority();
		String path = issuerUri.getRawPath().replaceFirst("/$", "");
		Set<URI> locations = new LinkedHashSet<>();
		locations.add(URI.create(origin + path + OPENID_CONNECT));
		locations.add(URI.create(origin + OPENID_CONNECT + path));
		locations.add(URI.create(origin + OAUTH + path));
		return List.copyOf(locations);
	}

	@Override
	public Mono<AuthorizationServerMetadata> metadata(TokenKey key) {
		return this.found.map(Found::metadata)
			.onErrorMap(DiscoveryFailure.class, (failure) -> failure.toTokenException(key));
	}

	@Override
	public Mono<AuthorizationServerMetadata> renew(TokenKey key, AuthorizationServerMetadata metadata) {
		return Mono.defer(() -> {
			this.gone = metadata;
			return metadata(key);
		});
	}

	@Override
	public String issuerUri() {
		return this.issuerUri;
	}

	private boolean isDue(Found found) {
		return found.metadata() == this.gone || !this.clock.instant().isBefore(found.dueAt());
	}

	private Mono<Found> search() {
		return search(0, List.of()).map((metadata) -> new Found(metadata, this.clock.instant().plus(KEPT)))
			.onErrorResume(DiscoveryFailure.class, (failure) -> {
				Found last = this.last;
				return (last != null) ? Mono.just(new Found(last.metadata(), this.clock.instant().plus(KEPT_ON)))
						: Mono.error(failure);
			})
			.doOnNext((found) -> {
				this.last = found;
				this.gone = null;
			});
	}

	private Mono<AuthorizationServerMetadata> search(int index, List<DiscoveryFailure> failures) {
		if (index == this.locations.size()) {
			return Mono.error(() -> nothingFound(failures));
		}
		URI location = this.locations.get(index);
		return ask(location).onErrorResume(DiscoveryFailure.class, (failure) -> {
			List<DiscoveryFailure> all = Stream.concat(failures.stream(), Stream.of(failure)).toList();
			return search(failure.endsTheSearch() ? this.locations.size() : index + 1, all);
		});
	}

	private DiscoveryFailure nothingFound(List<DiscoveryFailure> failures) {
		DiscoveryFailure latest = failures.get(failures.size() - 1);
		boolean refused = failures.stream().allMatch(DiscoveryFailure::isRefused);
		String answers = failures.stream().map(DiscoveryFailure::reason).collect(Collectors.joining("; "));
		return new DiscoveryFailure(refused,
				"issuer-uri is '" + this.issuerUri + "', but there is no metadata document: " + answers
						+ (refused ? ". Is the issuer misspelt? If it is not, set token-uri" : ""),
				latest.retryAfter(), latest.ioCause());
	}

	private Mono<AuthorizationServerMetadata> ask(URI location) {
		return this.webClient.get()
			.uri(location)
			.accept(MediaType.APPLICATION_JSON)
			.exchangeToMono((response) -> read(response, location))
			.onErrorMap((ex) -> !(ex instanceof DiscoveryFailure), (ex) -> broken(location, ex));
	}

	private Mono<AuthorizationServerMetadata> read(ClientResponse response, URI location) {
		if (response.statusCode().is2xxSuccessful()) {
			return ResponseBody.read(response)
				.map((body) -> document(response, body, location))
				.onErrorMap(DataBufferLimitException.class, (ex) -> DiscoveryFailure
					.passing(location + " has more than " + ResponseBody.MAX_KIBIBYTES + " KiB", null, null));
		}
		// Read to its end, so that the connection can be used again.
		return ResponseBody.read(response)
			.onErrorComplete(DataBufferLimitException.class)
			.then(Mono.error(() -> failed(response, location)));
	}

	private AuthorizationServerMetadata document(ClientResponse response, ResponseBody body, URI location) {
		JsonObject json = body.json();
		if (json != null) {
			return new MetadataDocument(this.issuerUri, location.toString(), json).read();
		}
		String reason = location + " was answered with " + body.description(response.statusCode());
		throw body.isEmpty() ? DiscoveryFailure.refused(reason) : DiscoveryFailure.passing(reason, null, null);
	}

	private static DiscoveryFailure failed(ClientResponse response, URI location) {
		HttpStatusCode status = response.statusCode();
		String reason = location + " was answered with status " + status.value()
				+ (status.is3xxRedirection() ? ", a redirect, which is not followed" : "");
		return isAbsent(status) ? DiscoveryFailure.refused(reason) : DiscoveryFailure.passing(reason,
				RetryAfter.of(response.headers().asHttpHeaders(), Instant.now()), null);
	}

	/**
	 * Some gateways answer 401 or 403 where there is nothing, or lead to a login page.
	 */
	private static boolean isAbsent(HttpStatusCode status) {
		return status.is3xxRedirection() || (status.is4xxClientError() && status.value() != REQUEST_TIMEOUT
				&& status.value() != TOO_MANY_REQUESTS);
	}

	private static DiscoveryFailure broken(URI location, Throwable ex) {
		String forbidden = TransportFailure.forbidden(ex);
		if (forbidden != null) {
			return DiscoveryFailure.refused("the metadata document " + location + " was not asked for: " + forbidden);
		}
		TransportFailure broken = TransportFailure.of(ex);
		return new DiscoveryFailure(broken.isUntrusted(), location + Redactor.printable(broken.how()), null,
				broken.cause());
	}

	@Override
	public String toString() {
		return "MetadataDiscovery[" + this.issuerUri + "]";
	}

	/**
	 * What was found, and when it is to be asked for again.
	 */
	private record Found(AuthorizationServerMetadata metadata, Instant dueAt) {

	}

}
