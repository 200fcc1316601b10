package io.github.evertoken.web;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

import io.github.evertoken.TokenKey;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.ReceivedProofs;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.ReceivedRequest;
import io.github.evertoken.test.support.TestWebClients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Stories of callers whose thread waits, and whose tokens are bound to a key (RFC 9449),
 * over real HTTP, with servers that verify every proof.
 */
@Timeout(600)
@Tag("BC-1")
@Tag("RJ-1")
class BlockingDpopTests {

	private static final String REFUSED_FOR_ITS_NONCE = "The proof must have the nonce that comes with this answer";

	@RegisterExtension
	final AuthorizationServer authorizationServer = AuthorizationServer.forClients("orders")
		.requireDpop()
		.withRefreshTokens();

	@RegisterExtension
	final AuthorizationServer inventory = AuthorizationServer.forClients().acceptTokensOf(this.authorizationServer);

	private final DpopProofs proofs = DpopProofs.withGeneratedKey("ES256");

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.client(ClientSettings.of("inventory", issuer())
			.dpop(this.proofs)
			.responseTimeout(Duration.ofSeconds(30))
			.maxWait(Duration.ofMinutes(1))
			.build())
		.build();

	private OAuth2TokenIssuer issuer() {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(URI.create(this.authorizationServer.tokenUri()))
			.clientAuthentication(
					ClientAuthentication.clientSecretBasic("orders", this.authorizationServer.clientSecret("orders")))
			.dpop(this.proofs)
			.build();
	}

	@AfterEach
	void close() {
		this.manager.close();
	}

	private RestClient restClient(ClientHttpRequestFactory factory, ClientHttpRequestInterceptor behind) {
		return RestClient.builder()
			.requestFactory(factory)
			.requestInterceptor(new TokenExchangeInterceptor(new TokenExchangeFilterFunction(this.manager,
					ClientSelector.builder().add(BaseUrl.of(this.inventory.resourceUri()), "inventory").build())))
			.requestInterceptor(behind)
			.baseUrl(this.inventory.resourceUri())
			.build();
	}

	private RestClient restClient(BlockingConnector connector) {
		return restClient(connector.factory(), (request, body, execution) -> execution.execute(request, body));
	}

	private static String post(RestClient restClient, boolean singleUse) {
		return restClient.post()
			.uri("/items?colour=red&n=1")
			.contentType(MediaType.TEXT_PLAIN)
			.attributes(singleUse ? TokenAttributes.singleUseBody() : (attributes) -> {
			})
			.body("body")
			.exchange((request, response) -> new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8));
	}

	@ParameterizedTest
	@EnumSource
	void callWhenANonceIsWantedThenIsSentOnceMoreWithIt(BlockingConnector connector) {
		this.inventory.requireDpopNonce();
		RestClient restClient = restClient(connector);
		assertThat(post(restClient, false)).isEqualTo("post with access token 1");
		assertThat(post(restClient, false)).isEqualTo("post with access token 1");
		assertThat(DpopScenarioTests.answers(this.inventory)).containsExactly("use_dpop_nonce", "token-1", "token-1");
		assertThat(this.inventory).requests(Endpoint.RESOURCE).extracting(ReceivedRequest::body).containsOnly("body");
		assertThat(ReceivedProofs.claims(this.inventory, Endpoint.RESOURCE, "jti")).doesNotHaveDuplicates().hasSize(3);
		assertThat(this.authorizationServer).receivedTokenRequests(1);
	}

	@Test
	void callWhenServerWantsAnotherNonceEachTimeThenPassesTheSecond401On() {
		this.inventory.requireDpopNonce();
		RestClient restClient = beforeAttempt((attempt) -> this.inventory.changeDpopNonce());
		assertThat(post(restClient, false)).isEqualTo(REFUSED_FOR_ITS_NONCE);
		assertThat(DpopScenarioTests.answers(this.inventory)).containsExactly("use_dpop_nonce", "use_dpop_nonce");
		assertThat(ReceivedProofs.claims(this.inventory, Endpoint.RESOURCE, "nonce")).doesNotHaveDuplicates();
	}

	@Test
	void callWhenServerGivesAnotherNonceWithEachSuccessThenIsSentTheLatest() {
		this.inventory.rotateDpopNonce();
		RestClient restClient = restClient(BlockingConnector.JDK);
		for (int i = 0; i < 3; i++) {
			assertThat(post(restClient, false)).isEqualTo("post with access token 1");
		}
		assertThat(DpopScenarioTests.answers(this.inventory)).containsExactly("use_dpop_nonce", "token-1", "token-1",
				"token-1");
	}

	@Test
	void callWhenNonceIsWantedForTheRenewedTokenThenIsSentItToo() {
		this.manager.token(TokenKey.of("inventory")).block(Duration.ofMinutes(1));
		this.authorizationServer.revokeAccessTokens();
		RestClient restClient = beforeAttempt((attempt) -> {
			if (attempt == 2) {
				this.inventory.requireDpopNonce();
			}
		});
		assertThat(post(restClient, false)).isEqualTo("post with access token 2");
		assertThat(DpopScenarioTests.answers(this.inventory)).containsExactly("invalid_token", "use_dpop_nonce",
				"token-2");
		assertThat(this.inventory).requests(Endpoint.RESOURCE).extracting(ReceivedRequest::body).containsOnly("body");
	}

	private RestClient beforeAttempt(IntConsumer action) {
		AtomicInteger attempts = new AtomicInteger();
		return restClient(BlockingConnector.JDK.factory(), (request, body, execution) -> {
			action.accept(attempts.incrementAndGet());
			return execution.execute(request, body);
		});
	}

	@Test
	@Tag("RJ-7")
	void callWhenBodyIsSingleUseThenPassesThe401OnAndKeepsTheNonce() {
		this.inventory.requireDpopNonce();
		RestClient restClient = restClient(BlockingConnector.JDK);
		assertThat(post(restClient, true)).isEqualTo(REFUSED_FOR_ITS_NONCE);
		assertThat(post(restClient, true)).isEqualTo("post with access token 1");
		assertThat(DpopScenarioTests.answers(this.inventory)).containsExactly("use_dpop_nonce", "token-1");
		assertThat(this.inventory).requests(Endpoint.RESOURCE).extracting(ReceivedRequest::body).containsOnly("body");
	}

}
