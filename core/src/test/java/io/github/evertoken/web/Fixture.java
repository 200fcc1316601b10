package io.github.evertoken.web;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.github.evertoken.TokenKey;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.TestAuthorizationServer;
import io.github.evertoken.test.TestResourceServer;
import io.github.evertoken.test.TestWebClients;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Schedulers;

import org.springframework.web.reactive.function.client.WebClient;

/**
 * An authorization server, a resource server and a {@code WebClient} with the filter
 * between them, all over real HTTP.
 */
class Fixture implements AutoCloseable {

	static final TokenKey KEY = TokenKey.of("inventory");

	static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	private static final Duration LIMIT = Duration.ofMinutes(2);

	final TestAuthorizationServer authorizationServer = TestAuthorizationServer.start();

	final TestResourceServer resourceServer = TestResourceServer.start(this.authorizationServer);

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
		this.filter = new TokenExchangeFilterFunction(this.manager,
				ClientSelector.builder().add(BaseUrl.of(this.resourceServer.uri().toString()), "inventory").build());
		this.webClient = TestWebClients.builder()
			.filter(this.filter)
			.baseUrl(this.resourceServer.uri().toString())
			.build();
	}

	OAuth2TokenIssuer issuer() {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(this.authorizationServer.tokenUri())
			.clientAuthentication(ClientAuthentication.clientSecretBasic(TestAuthorizationServer.CLIENT_ID,
					TestAuthorizationServer.CLIENT_SECRET))
			.build();
	}

	/**
	 * Return a call that answers with the name of the token that it was made with. Each
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
		this.resourceServer.close();
		this.authorizationServer.close();
	}

}
