package io.github.evertoken.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.evertoken.TokenKey;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.DpopAuthorizationServer;
import io.github.evertoken.test.DpopResourceServer;
import io.github.evertoken.test.TestWebClients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

	private final DpopAuthorizationServer authorizationServer = new DpopAuthorizationServer();

	private final DpopResourceServer inventory = new DpopResourceServer(this.authorizationServer);

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
			.tokenUri(this.authorizationServer.tokenUri())
			.clientAuthentication(ClientAuthentication.clientSecretBasic("orders", "secret"))
			.dpop(this.proofs)
			.build();
	}

	@AfterEach
	void close() {
		this.manager.close();
		this.inventory.close();
		this.authorizationServer.close();
	}

	private RestClient restClient(ClientHttpRequestFactory factory, ClientHttpRequestInterceptor behind) {
		return RestClient.builder()
			.requestFactory(factory)
			.requestInterceptor(new TokenExchangeInterceptor(new TokenExchangeFilterFunction(this.manager,
					ClientSelector.builder().add(BaseUrl.of(this.inventory.uri().toString()), "inventory").build())))
			.requestInterceptor(behind)
			.baseUrl(this.inventory.uri().toString())
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
		this.inventory.verifier().require("n1");
		RestClient restClient = restClient(connector);
		assertThat(post(restClient, false)).isEqualTo("token-1: body");
		assertThat(post(restClient, false)).isEqualTo("token-1: body");
		assertThat(this.inventory.answers()).containsExactly("use_dpop_nonce", "token-1", "token-1");
		assertThat(this.inventory.verifier().claims("jti")).doesNotHaveDuplicates().hasSize(3);
		assertThat(this.authorizationServer.requests()).isEqualTo(1);
	}

	@Test
	void callWhenServerWantsAnotherNonceEachTimeThenPassesTheSecond401On() {
		this.inventory.wantAnotherNonceEachTime();
		assertThat(post(restClient(BlockingConnector.JDK), false)).isEqualTo("refused: nonce");
		assertThat(this.inventory.answers()).containsExactly("use_dpop_nonce", "use_dpop_nonce");
	}

	@Test
	void callWhenNonceIsWantedForTheRenewedTokenThenIsSentItToo() {
		this.manager.token(TokenKey.of("inventory")).block(Duration.ofMinutes(1));
		this.authorizationServer.revokeAll();
		AtomicInteger attempts = new AtomicInteger();
		RestClient restClient = restClient(BlockingConnector.JDK.factory(), (request, body, execution) -> {
			if (attempts.incrementAndGet() == 2) {
				this.inventory.verifier().require("n1");
			}
			return execution.execute(request, body);
		});
		assertThat(post(restClient, false)).isEqualTo("token-2: body");
		assertThat(this.inventory.answers()).containsExactly("invalid_token", "use_dpop_nonce", "token-2");
	}

	@Test
	@Tag("RJ-7")
	void callWhenBodyIsSingleUseThenPassesThe401OnAndKeepsTheNonce() {
		this.inventory.verifier().require("n1");
		RestClient restClient = restClient(BlockingConnector.JDK);
		assertThat(post(restClient, true)).isEqualTo("refused: nonce");
		assertThat(post(restClient, true)).isEqualTo("token-1: body");
		assertThat(this.inventory.answers()).containsExactly("use_dpop_nonce", "token-1");
	}

}
