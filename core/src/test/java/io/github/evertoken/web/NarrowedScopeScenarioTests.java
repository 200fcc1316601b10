package io.github.evertoken.web;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.test.support.TestWebClients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
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

	@RegisterExtension
	final AuthorizationServer server = AuthorizationServer.forClients("orders");

	private DefaultTokenManager manager;

	private WebClient webClient;

	@BeforeEach
	void start() {
		this.server.disturb(Fault.slow(Duration.ofMillis(50)));
		this.manager = DefaultTokenManager.builder()
			.client(ClientSettings
				.of("inventory", Fixture.issuer(this.server).grant(AuthorizationGrant.refreshTokenOnly()).build())
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofSeconds(60))
				.build())
			.build();
		this.webClient = TestWebClients.builder()
			.filter(new TokenExchangeFilterFunction(this.manager,
					ClientSelector.builder().add(BaseUrl.of(this.server.resourceUri()), "inventory").build()))
			.baseUrl(this.server.resourceUri())
			.build();
	}

	@AfterEach
	void close() {
		this.manager.close();
	}

	private void login() {
		String refreshToken = this.server.newSession("orders", "alice", "read write list");
		this.manager.put(ALICE, TokenSet.withRefreshToken(refreshToken).build()).block(LIMIT);
	}

	/**
	 * Return the scope that the token was asked for with which a call has come, nothing
	 * for that of the login.
	 */
	private String scopeOf(String answer) {
		return this.server.requests(Endpoint.TOKEN)
			.stream()
			.filter((request) -> answer.equals("get with access token " + request.accessToken()))
			.map((request) -> String.valueOf(request.parameter("scope")))
			.collect(Collectors.joining());
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
		login();
		List<String> answers = Flux
			.mergeSequential(List.of(call("read"), call("write"), call(), call("list"), call("read"), call("write")))
			.collectList()
			.block(LIMIT);
		assertThat(answers).extracting(this::scopeOf).containsExactly("read", "write", "null", "list", "read", "write");
		assertThat(answers.subList(4, 6)).isEqualTo(answers.subList(0, 2));
		assertThat(call("read").block(LIMIT)).isEqualTo(answers.get(0));
		assertThat(this.server).receivedTokenRequests(4).sawNoReuse().endedSessions(0);
	}

	@Test
	void callWhenTheScopeIsNotGrantedThenIsRefusedAndTheOthersGoOn() {
		login();
		assertThatExceptionOfType(TokenRefusedException.class).isThrownBy(() -> call("admin").block(LIMIT))
			.withMessageContaining("invalid_scope");
		assertThat(scopeOf(call("read").block(LIMIT))).isEqualTo("read");
		assertThat(scopeOf(call().block(LIMIT))).isEqualTo("null");
		this.manager.remove(ALICE).block(LIMIT);
		assertThatExceptionOfType(ReauthenticationRequiredException.class).isThrownBy(() -> call("read").block(LIMIT));
		assertThat(this.server).receivedTokenRequests(3).sawNoReuse().endedSessions(0);
	}

}
