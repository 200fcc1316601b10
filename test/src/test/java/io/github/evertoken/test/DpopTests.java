package io.github.evertoken.test;

import java.net.URI;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.evertoken.TokenKey;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.jose.SigningKey;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.ReceivedRequest;
import io.github.evertoken.web.BaseUrl;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the tokens of an {@link AuthorizationServer} that are bound to a key.
 */
class DpopTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	@RegisterExtension
	final AuthorizationServer server = AuthorizationServer.forClients("inventory").requireDpop();

	private DefaultTokenManager manager;

	private WebClient webClient;

	@BeforeEach
	void start() {
		start(DpopProofs.withGeneratedKey("ES256"));
	}

	private void start(DpopProofs proofs) {
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(WebClient.create())
			.tokenUri(URI.create(this.server.tokenUri()))
			.clientAuthentication(
					ClientAuthentication.clientSecretBasic("inventory", this.server.clientSecret("inventory")))
			.grant(AuthorizationGrant.clientCredentials())
			.dpop(proofs)
			.build();
		this.manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer)
				.dpop(proofs)
				.maxWait(Duration.ofMinutes(1))
				.responseTimeout(Duration.ofMinutes(1))
				.build())
			.build();
		ClientSelector selector = ClientSelector.builder()
			.add(BaseUrl.of(this.server.resourceUri()), "inventory")
			.build();
		this.webClient = WebClient.builder()
			.filter(TokenExchangeFilterFunction.builder(this.manager, selector).dpop("inventory", proofs).build())
			.build();
	}

	@AfterEach
	void close() {
		this.manager.close();
	}

	private void call() {
		this.webClient.get().uri(this.server.resourceUri() + "/items/7").retrieve().toBodilessEntity().block(TIMEOUT);
	}

	@Test
	void callThenTheTokenIsBoundAndGoodWithAProofAlone() throws Exception {
		this.server.withJwts();
		call();
		call();
		assertThat(this.server).receivedTokenRequests(1).receivedResourceRequestsWithAccessTokens(1, 1);
		String token = this.manager.token(TokenKey.of("inventory")).block(TIMEOUT).value();
		assertThat(com.nimbusds.jwt.SignedJWT.parse(token).getJWTClaimsSet().getJSONObjectClaim("cnf"))
			.containsKey("jkt");
		Refusal asBearer = refusal("Bearer " + token, "");
		Refusal withoutProof = refusal("DPoP " + token, "");
		Refusal replayed = refusal("DPoP " + token, this.server.requests(Endpoint.RESOURCE).get(0).header("DPoP"));
		assertThat(List.of(asBearer, withoutProof, replayed)).extracting(Refusal::status).containsOnly(401);
		assertThat(asBearer.challenge()).contains("Bearer", "invalid_token");
		assertThat(withoutProof.challenge()).contains("DPoP", "invalid_dpop_proof");
		assertThat(replayed.challenge()).contains("The jti was used before");
	}

	private Refusal refusal(String authorization, String proof) {
		return WebClient.create().get().uri(this.server.resourceUri() + "/items/7").headers((headers) -> {
			headers.set("Authorization", authorization);
			if (!proof.isEmpty()) {
				headers.set("DPoP", proof);
			}
		})
			.exchangeToMono((response) -> response.releaseBody()
				.thenReturn(new Refusal(response.statusCode().value(),
						String.join(", ", response.headers().header("WWW-Authenticate")))))
			.block(TIMEOUT);
	}

	@ParameterizedTest
	@CsvSource({ "RSA, PS256", "Ed25519, EdDSA", "EC, ES256" })
	void callWhenTheKeyIsOfAnotherKindThenItsProofIsGood(String kind, String algorithm) throws Exception {
		this.manager.close();
		KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
		if (kind.equals("EC")) {
			generator.initialize(new ECGenParameterSpec("secp256r1"));
		}
		start(DpopProofs.withKey(SigningKey.of(generator.generateKeyPair()), algorithm));
		call();
		assertThat(this.server).receivedTokenRequests(1).refusedNoAccessToken();
	}

	@Test
	void callWhenANonceIsRequiredThenIsSentOnceMoreWithIt() {
		this.server.requireDpopNonce();
		call();
		assertThat(this.server.requests(Endpoint.TOKEN)).extracting(ReceivedRequest::error)
			.containsExactly("use_dpop_nonce", null);
		int before = this.server.requests(Endpoint.RESOURCE).size();
		call();
		assertThat(this.server.requests(Endpoint.RESOURCE)).hasSize(before + 1);
		this.server.changeDpopNonce();
		call();
		assertThat(this.server.requests(Endpoint.RESOURCE).subList(before + 1, before + 3))
			.extracting(ReceivedRequest::error)
			.containsExactly("use_dpop_nonce", null);
		assertThat(this.server).issuedAccessTokens(1);
	}

	@Test
	void tokenWhenThereIsNoProofThenIsRefused() {
		String answer = WebClient.create()
			.post()
			.uri(this.server.tokenUri())
			.headers((headers) -> headers.setBasicAuth("inventory", this.server.clientSecret("inventory")))
			.bodyValue(new LinkedMultiValueMap<>(Map.of("grant_type", List.of("client_credentials"))))
			.exchangeToMono((response) -> response.bodyToMono(String.class)
				.map((body) -> response.statusCode().value() + " " + body))
			.block(TIMEOUT);
		assertThat(answer).startsWith("400 ").contains("invalid_dpop_proof");
	}

	private record Refusal(int status, String challenge) {
	}

}
