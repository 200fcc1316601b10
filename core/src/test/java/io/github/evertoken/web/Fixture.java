package io.github.evertoken.web;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.github.evertoken.TokenKey;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.test.server.ReceivedRequest;
import io.github.evertoken.test.server.ServerTime;
import io.github.evertoken.test.support.TestWebClients;
import mockwebserver3.RecordedRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * An authorization server with its resource, and a {@code WebClient} with the filter
 * between them, all over real HTTP.
 */
class Fixture implements AutoCloseable {

	static final TokenKey KEY = TokenKey.of("inventory");

	static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	private static final Duration LIMIT = Duration.ofMinutes(2);

	/**
	 * One for all tests, which have a server each.
	 */
	private static final WebClient TO_TOKEN_ENDPOINTS = TestWebClients.builder().build();

	final AuthorizationServer server = AuthorizationServer.forClients("orders");

	final DefaultTokenManager manager;

	final TokenExchangeFilterFunction filter;

	final WebClient webClient;

	Fixture() {
		this((settings) -> {
		});
	}

	Fixture(Consumer<ClientSettings.Builder> customizer) {
		ClientSettings.Builder settings = ClientSettings.of("inventory", issuer())
			.responseTimeout(Duration.ofSeconds(30))
			.maxWait(Duration.ofSeconds(60));
		customizer.accept(settings);
		this.manager = DefaultTokenManager.builder().client(settings.build()).build();
		this.filter = filterFor(this.server.resourceUri());
		this.webClient = TestWebClients.builder().filter(this.filter).baseUrl(this.server.resourceUri()).build();
	}

	OAuth2TokenIssuer issuer() {
		return issuer(this.server).build();
	}

	/**
	 * Return an issuer that has its tokens of the first client of a server.
	 */
	static OAuth2TokenIssuer.Builder issuer(AuthorizationServer server) {
		String client = server.clients().iterator().next();
		return OAuth2TokenIssuer.builder(TO_TOKEN_ENDPOINTS)
			.tokenUri(URI.create(server.tokenUri()))
			.clientAuthentication(ClientAuthentication.clientSecretBasic(client, server.clientSecret(client)));
	}

	/**
	 * Return a filter that sends the tokens of the authorization server to a resource
	 * elsewhere.
	 */
	TokenExchangeFilterFunction filterFor(String baseUrl) {
		return new TokenExchangeFilterFunction(this.manager,
				ClientSelector.builder().add(BaseUrl.of(baseUrl), "inventory").build());
	}

	/**
	 * Return a call that answers with the number of the token that it was made with. Each
	 * subscription builds a request of its own: the one that {@code WebClient} builds has
	 * a map of attributes that subscriptions from several threads would share.
	 */
	Mono<String> call() {
		return Mono.defer(() -> this.webClient.get().uri("/items/7").retrieve().bodyToMono(String.class));
	}

	Mono<String> callOf(String subject) {
		return Mono.defer(() -> this.webClient.get()
			.uri("/items/7")
			.attributes(TokenAttributes.subject(subject))
			.retrieve()
			.bodyToMono(String.class));
	}

	/**
	 * Let the token endpoint take its time.
	 */
	void slowTokens(Duration delay) {
		this.server.disturb(Fault.slow(delay));
	}

	/**
	 * Let the resource take its time. Whether a token is accepted is decided before.
	 */
	void slowResource(Duration delay) {
		this.server.disturb(Fault.slow(delay).at(Endpoint.RESOURCE));
	}

	/**
	 * Let the token endpoint keep its answers to itself until they are released.
	 */
	static void holdTokens(AuthorizationServer server, CountDownLatch released) {
		server.with(new ServerTime() {

			@Override
			public Instant instant() {
				return Instant.now();
			}

			@Override
			public void delay(Endpoint endpoint, Duration delay, BooleanSupplier waits) {
				while (released.getCount() > 0 && waits.getAsBoolean()) {
					// Until then.
				}
			}

		}).disturb(Fault.slow(Duration.ofMinutes(1)));
	}

	int tokenRequests() {
		return this.server.requests(Endpoint.TOKEN).size();
	}

	/**
	 * Return the requests that the resource has answered with 401.
	 */
	List<ReceivedRequest> unauthorized() {
		return this.server.requests(Endpoint.RESOURCE).stream().filter((request) -> request.status() == 401).toList();
	}

	/**
	 * Return the number of the access token with which a request has come to a resource
	 * elsewhere, 0 for none of this authorization server's.
	 */
	int accessToken(RecordedRequest request) {
		return accessToken(this.server, request);
	}

	static int accessToken(AuthorizationServer server, RecordedRequest request) {
		String authorization = String.valueOf(request.getHeaders().get(HttpHeaders.AUTHORIZATION));
		return authorization.startsWith("Bearer ")
				? server.accessTokenNumber(authorization.substring("Bearer ".length())) : 0;
	}

	/**
	 * Make a call many times at once, from several threads, and wait for what becomes of
	 * each.
	 */
	static <T> List<Signal<T>> concurrently(int times, Mono<T> call) {
		return Flux.range(0, times)
			.flatMap((i) -> call.subscribeOn(Schedulers.parallel()).materialize(), times)
			.collectList()
			.block(LIMIT);
	}

	static <T> T await(Mono<T> mono) {
		return mono.block(LIMIT);
	}

	static <T> List<Throwable> failuresOf(List<Signal<T>> signals) {
		return signals.stream().filter(Signal::isOnError).<Throwable>map(Signal::getThrowable).toList();
	}

	@Override
	public void close() {
		this.manager.close();
		this.server.close();
	}

}
