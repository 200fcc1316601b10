package io.github.evertoken.web;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.TestWebClients;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Requests of a user who has logged in, each with another scope, over real HTTP: at an
 * issuer that rotates its refresh tokens, and ends the session when one comes twice.
 */
@Tag("LC-15")
class NarrowedScopeScenarioTests {

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	private static final Duration LIMIT = Duration.ofMinutes(2);

	private final ConcurrentLinkedQueue<String> tokenRequests = new ConcurrentLinkedQueue<>();

	private int valid = 1;

	private boolean reused;

	private final MockWebServer server = new MockWebServer();

	private DefaultTokenManager manager;

	private WebClient webClient;

	@BeforeEach
	void start() throws IOException {
		this.server.setDispatcher(new Dispatcher() {
			@Override
			public MockResponse dispatch(RecordedRequest request) {
				return "/token".equals(request.getUrl().encodedPath()) ? token(request.getBody().utf8())
						: new MockResponse.Builder().addHeader("Content-Type", "text/plain")
							.body(String.valueOf(request.getHeaders().get("Authorization")))
							.build();
			}
		});
		this.server.start();
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(this.server.url("/token").uri())
			.grant(AuthorizationGrant.refreshTokenOnly())
			.clientAuthentication(ClientAuthentication.clientSecretBasic("orders", "secret"))
			.build();
		this.manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer)
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofSeconds(60))
				.build())
			.build();
		this.webClient = TestWebClients.builder()
			.filter(new TokenExchangeFilterFunction(this.manager,
					ClientSelector.builder().add(BaseUrl.of(this.server.url("/").toString()), "inventory").build()))
			.baseUrl(this.server.url("/").toString())
			.build();
	}

	@AfterEach
	void close() {
		this.manager.close();
		this.server.close();
	}

	private synchronized MockResponse token(String form) {
		this.tokenRequests.add(form);
		if (form.contains("scope=admin")) {
			return json(400, "{\"error\":\"invalid_scope\"}");
		}
		if (!form.contains("refresh_token=r" + this.valid)) {
			this.reused = true;
			return json(400, "{\"error\":\"invalid_grant\"}");
		}
		this.valid++;
		return json(200, "{\"access_token\":\"" + scopeOf(form) + "-token" + this.valid
				+ "\",\"token_type\":\"Bearer\",\"expires_in\":300,\"refresh_token\":\"r" + this.valid + "\"}");
	}

	private static String scopeOf(String form) {
		int begin = form.indexOf("scope=");
		return (begin < 0) ? "" : form.substring(begin + "scope=".length()).replaceAll("&.*", "");
	}

	private static MockResponse json(int status, String json) {
		return new MockResponse.Builder().code(status)
			.addHeader("Content-Type", "application/json")
			.body(json)
			.headersDelay(50, TimeUnit.MILLISECONDS)
			.build();
	}

	private Mono<String> call(String... scope) {
		return Mono.defer(() -> this.webClient.get()
			.uri("/items")
			.attributes(TokenAttributes.subject("alice"))
			.attributes((scope.length > 0) ? TokenAttributes.scope(scope) : (attributes) -> {
			})
			.retrieve()
			.bodyToMono(String.class));
	}

	@Test
	void callsWhenAUserAsksForSeveralScopesAtOnceThenEachHasItsTokenAndTheSessionLives() {
		this.manager.put(ALICE, TokenSet.withRefreshToken("r1").build()).block(LIMIT);
		List<String> sent = Flux.merge(call("read"), call("write"), call(), call("list"), call("read"), call("write"))
			.collectList()
			.block(LIMIT);
		assertThat(sent).hasSize(6);
		assertThat(List.copyOf(sent)).extracting((header) -> header.replaceAll("[0-9]", ""))
			.containsExactlyInAnyOrder("Bearer read-token", "Bearer read-token", "Bearer write-token",
					"Bearer write-token", "Bearer list-token", "Bearer -token");
		assertThat(this.tokenRequests).hasSize(4);
		assertThat(this.reused).isFalse();
		assertThat(call("read").block(LIMIT)).isIn(sent);
	}

	@Test
	void callWhenTheScopeIsNotGrantedThenIsRefusedAndTheOthersGoOn() {
		this.manager.put(ALICE, TokenSet.withRefreshToken("r1").build()).block(LIMIT);
		assertThatExceptionOfType(TokenRefusedException.class).isThrownBy(() -> call("admin").block(LIMIT))
			.withMessageContaining("invalid_scope");
		assertThat(call("read").block(LIMIT)).isEqualTo("Bearer read-token2");
		assertThat(call().block(LIMIT)).isEqualTo("Bearer -token3");
		this.manager.remove(ALICE).block(LIMIT);
		assertThatExceptionOfType(ReauthenticationRequiredException.class).isThrownBy(() -> call("read").block(LIMIT));
		assertThat(this.reused).isFalse();
	}

}
