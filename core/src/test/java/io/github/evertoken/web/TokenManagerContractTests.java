package io.github.evertoken.web;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.LeasePolicy;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.support.TestWebClients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The filter with a {@link TokenManager} that is not the default one: a decorator, one
 * written by hand, a mock.
 */
class TokenManagerContractTests {

	private final Fixture fixture = new Fixture();

	private final List<String> asked = new CopyOnWriteArrayList<>();

	private final List<String> sent = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.fixture.close();
	}

	static Stream<Kind> kinds() {
		return Stream.of(Kind.values());
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void callWhenTheManagerIsNotTheDefaultOneThenAsksItForEachToken(Kind kind) {
		WebClient webClient = webClient(manager(kind, this.fixture.manager));
		assertThat(get(webClient)).isEqualTo(get(webClient));
		assertThat(this.asked).containsExactly("token", "token");
		assertThat(this.fixture.server).receivedTokenRequests(1);
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void callWhenTheTokenIsRejectedThenTheManagerIsToldAndTheRequestIsSentOnceMore(Kind kind) {
		WebClient webClient = webClient(manager(kind, this.fixture.manager));
		String first = get(webClient);
		this.fixture.server.revokeAccessTokens();
		assertThat(get(webClient)).isNotEqualTo(first);
		assertThat(this.asked).containsExactly("token", "token", "reject", "token");
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void callWhenTheTokenIsToLastThenTheManagerIsAskedForALease(Kind kind) {
		WebClient webClient = webClient(manager(kind, this.fixture.manager));
		String answer = webClient.get()
			.uri("/items/7")
			.attributes(TokenAttributes.expectedDuration(Duration.ofMinutes(1)))
			.retrieve()
			.bodyToMono(String.class)
			.block(Duration.ofMinutes(1));
		assertThat(answer).isNotNull();
		assertThat(this.asked).containsExactly("lease", "token");
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void callWhenItIsOfASubjectThenTheManagerIsAskedForThatKey(Kind kind) {
		TokenManager manager = manager(kind, this.fixture.manager);
		manager.put(Fixture.ALICE, TokenSet.withAccessToken("of-alice").build()).block(Duration.ofMinutes(1));
		webClient(manager).get()
			.uri("/items/7")
			.attributes(TokenAttributes.subject("alice"))
			.exchangeToMono(ClientResponse::releaseBody)
			.onErrorComplete(TokenException.class)
			.block(Duration.ofMinutes(1));
		assertThat(this.sent).startsWith("Bearer of-alice");
	}

	@Test
	void callWhenTheManagerGivesNothingThenFailsAndIsNotSent() {
		TokenManager mock = (TokenManager) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { TokenManager.class },
				(proxy, method, args) -> method.getName().equals("hashCode") ? 7 : null);
		assertThatIllegalStateException().isThrownBy(() -> get(webClient(mock)))
			.withMessageContaining("gave no token for")
			.withMessageContaining("a mock has to be told so");
		assertThat(this.sent).isEmpty();
	}

	@Test
	void callWhenTheDecoratorLeadsToTheDefaultManagerThenTheIssuersOwnCallPassesUntouched() {
		WebClient[] webClient = new WebClient[1];
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings
				.of("inventory",
						(request) -> webClient[0].get()
							.uri("/login")
							.exchangeToMono((response) -> response.releaseBody()
								.thenReturn(TokenSet.withAccessToken("own").build())))
				.build())
			.build();
		webClient[0] = webClient(new Recording(manager, this.asked));
		assertThat(manager.token(Fixture.KEY).block(Duration.ofMinutes(1)).value()).isEqualTo("own");
		assertThat(this.sent).containsExactly("null");
		manager.close();
	}

	@Test
	void dpopWhenTheDecoratorLeadsToTheDefaultManagerThenIsThatOfItsClient() {
		DpopProofs proofs = DpopProofs.withGeneratedKey("ES256");
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", (request) -> Mono.empty()).dpop(proofs).build())
			.build();
		assertThat(KeyTokens.of(new Recording(manager, this.asked), Map.of()).apply(Fixture.ALICE).dpop())
			.isSameAs(proofs);
		assertThat(KeyTokens.of(Kind.BY_HAND.of(manager, this.asked), Map.of("inventory", proofs))
			.apply(Fixture.ALICE)
			.dpop()).isSameAs(proofs);
		manager.close();
	}

	@Test
	void findWhenDecoratorsStandAroundEachOtherThenLeadsThroughThem() {
		TokenManager decorated = new Recording(new Recording(this.fixture.manager, this.asked), this.asked);
		assertThat(DelegatingTokenManager.find(decorated, DefaultTokenManager.class)).isSameAs(this.fixture.manager);
		assertThat(DelegatingTokenManager.find(Kind.BY_HAND.of(this.fixture.manager, this.asked),
				DefaultTokenManager.class))
			.isNull();
	}

	@Test
	void eventsWhenDecoratedThenAreThoseOfTheDelegate() {
		List<TokenEvent> events = new CopyOnWriteArrayList<>();
		TokenManager decorated = new Recording(this.fixture.manager, this.asked);
		Mono<TokenEvent> first = decorated.events().doOnNext(events::add).next().cache();
		first.subscribe();
		decorated.token(Fixture.KEY).block(Duration.ofMinutes(1));
		assertThat(first.block(Duration.ofMinutes(1))).isNotNull();
	}

	private TokenManager manager(Kind kind, TokenManager around) {
		return kind.of(around, this.asked);
	}

	private WebClient webClient(TokenManager manager) {
		String baseUrl = this.fixture.server.resourceUri();
		return TestWebClients.builder()
			.filter(new TokenExchangeFilterFunction(manager,
					ClientSelector.builder().add(BaseUrl.of(baseUrl), "inventory").build()))
			.filter((request, next) -> {
				this.sent.add(String.valueOf(request.headers().getFirst(HttpHeaders.AUTHORIZATION)));
				return next.exchange(request);
			})
			.baseUrl(baseUrl)
			.build();
	}

	private static String get(WebClient webClient) {
		return webClient.get().uri("/items/7").retrieve().bodyToMono(String.class).block(Duration.ofMinutes(1));
	}

	enum Kind {

		DECORATOR {

			@Override
			TokenManager of(TokenManager delegate, List<String> asked) {
				return new Recording(delegate, asked);
			}

		},

		BY_HAND {

			@Override
			TokenManager of(TokenManager delegate, List<String> asked) {
				return (TokenManager) Proxy.newProxyInstance(TokenManager.class.getClassLoader(),
						new Class<?>[] { TokenManager.class }, (proxy, method, args) -> {
							try {
								if (!method.getName().equals("put")) {
									asked.add(method.getName());
								}
								return method.invoke(delegate, args);
							}
							catch (InvocationTargetException ex) {
								throw ex.getTargetException();
							}
						});
			}

		};

		abstract TokenManager of(TokenManager delegate, List<String> asked);

	}

	private static final class Recording extends DelegatingTokenManager {

		private final List<String> asked;

		Recording(TokenManager delegate, List<String> asked) {
			super(delegate);
			this.asked = asked;
		}

		@Override
		public Mono<AccessToken> token(TokenKey key) {
			this.asked.add("token");
			return super.token(key);
		}

		@Override
		public <T> Mono<T> lease(TokenKey key, Duration duration, LeasePolicy policy, Mono<T> work) {
			this.asked.add("lease");
			return super.lease(key, duration, policy, work);
		}

		@Override
		public boolean reject(TokenKey key, AccessToken token) {
			this.asked.add("reject");
			return super.reject(key, token);
		}

	}

}
