package io.github.evertoken.web;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.github.evertoken.AccessToken;
import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.support.TestWebClients;
import io.github.evertoken.web.RejectionPolicy.Decision;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An authorization server, a client that has its tokens there, and a resource elsewhere
 * that answers to the letter with what it was told to.
 */
class RefusingFixture implements AutoCloseable {

	static final TokenKey KEY = TokenKey.of("inventory");

	/**
	 * How often a body is sent that stalls: Jetty keeps the connection of each.
	 */
	private static final int STALLS = 10;

	final AuthorizationServer authorizationServer = AuthorizationServer.forClients("orders");

	final MockWebServer server;

	final List<TokenEvent> events = new CopyOnWriteArrayList<>();

	private Duration bodyTime = KeptAnswer.MAX_TIME;

	final DefaultTokenManager manager = DefaultTokenManager.builder()
		.client(ClientSettings.of("inventory", Fixture.issuer(this.authorizationServer).build())
			.responseTimeout(Duration.ofSeconds(30))
			.maxWait(Duration.ofSeconds(60))
			.maxRenewals(100_000)
			.build())
		.build();

	RefusingFixture(MockWebServer server) {
		this.server = server;
		this.manager.events().subscribe(this.events::add);
	}

	/**
	 * Let the filters that come have all the time that a busy machine needs to read a
	 * body that comes, in place of half a second.
	 */
	RefusingFixture patientWithBodies() {
		this.bodyTime = Duration.ofMinutes(5);
		return this;
	}

	WebClient webClient(RejectionPolicy policy) {
		return webClient(TestWebClients.builder(1), policy);
	}

	WebClient webClient(WebClient.Builder builder, RejectionPolicy policy) {
		return builder.filter(filter(policy)).baseUrl(this.server.url("/").toString()).build();
	}

	TokenExchangeFilterFunction filter(RejectionPolicy policy) {
		return filter(this.manager, policy);
	}

	/**
	 * Return a filter whose manager fails when it is told of a refusal.
	 */
	TokenExchangeFilterFunction filterWithBrokenManager(Throwable failure) {
		return filter(new DelegatingTokenManager(this.manager) {

			@Override
			public boolean reject(TokenKey key, AccessToken token) {
				throw Exceptions.propagate(failure);
			}

		}, RejectionPolicy.standard());
	}

	private TokenExchangeFilterFunction filter(TokenManager manager, RejectionPolicy policy) {
		return TokenExchangeFilterFunction
			.builder(manager,
					ClientSelector.builder().add(BaseUrl.of(this.server.url("/").toString()), "inventory").build())
			.rejectionPolicy(policy)
			.bodyTime(this.bodyTime)
			.build();
	}

	void answer(int status, String body, String... challenges) {
		MockResponse.Builder response = new MockResponse.Builder().code(status).body(body);
		for (String challenge : challenges) {
			response.addHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
		}
		this.server.enqueue(response.build());
	}

	/**
	 * Refuse calls with the beginning of a body whose end does not come, and have them
	 * sent once more whatever there is of it. A machine that stands still for half a
	 * second has not seen all of the beginning, and gets another chance.
	 * @param caller makes the call that the policy decides upon
	 * @return what the policy has seen
	 */
	String seenOfBodyThatStalls(String beginning, Function<RejectionPolicy, @Nullable String> caller) {
		List<String> seen = new CopyOnWriteArrayList<>();
		RejectionPolicy policy = (answer) -> {
			if (answer.body() == null) {
				return Decision.READ_BODY;
			}
			seen.add(answer.body());
			return Decision.RENEW_AND_RESEND;
		};
		for (int i = 0; i < STALLS && !seen.contains(beginning); i++) {
			this.server.enqueue(new MockResponse.Builder().code(403)
				.body(beginning + "x".repeat(beginning.length()))
				.throttleBody(beginning.length(), 1, TimeUnit.HOURS)
				.build());
			answer(200, "ok");
			assertThat(caller.apply(policy)).isEqualTo("ok");
			assertThat(seen).hasSize(i + 1).allSatisfy((text) -> assertThat(beginning).startsWith(text));
			assertThat(currentToken()).isEqualTo(i + 2);
		}
		return seen.get(seen.size() - 1);
	}

	RecordedRequest takeRequest() {
		try {
			RecordedRequest request = this.server.takeRequest(1, TimeUnit.MINUTES);
			assertThat(request).isNotNull();
			return request;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the number of the access token with which a request has come, 0 for none of
	 * the authorization server's.
	 */
	int accessToken(RecordedRequest request) {
		return Fixture.accessToken(this.authorizationServer, request);
	}

	AccessToken token() {
		return this.manager.token(KEY).block(Duration.ofMinutes(1));
	}

	/**
	 * Return the number of the access token that the next request would have.
	 */
	int currentToken() {
		return this.authorizationServer.accessTokenNumber(token().value());
	}

	<T extends TokenEvent> List<T> events(Class<T> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	@Override
	public void close() {
		this.manager.close();
		this.authorizationServer.close();
	}

}
