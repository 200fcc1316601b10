package io.github.evertoken.endpoint;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.discovery.AuthorizationServerMetadata;
import io.github.evertoken.test.support.TestWebClients;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TokenRevocation}, over HTTP.
 */
class TokenRevocationTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final TokenKey KEY = TokenKey.of("inventory");

	private static final TokenSet TOKENS = TokenSet.withAccessToken("access.1").refreshToken("refresh+1").build();

	@StartStop
	private final MockWebServer server = new MockWebServer();

	@Test
	void revokeThenSendsTheRefreshTokenFirst() throws InterruptedException {
		answer(200, "");
		answer(200, "");
		issuer().revoke(KEY, TOKENS).block(TIMEOUT);
		RecordedRequest first = take();
		assertThat(first.getTarget()).isEqualTo("/revoke");
		assertThat(first.getHeaders().get("Authorization")).startsWith("Basic ");
		assertThat(form(first))
			.containsExactlyInAnyOrderEntriesOf(Map.of("token", "refresh+1", "token_type_hint", "refresh_token"));
		assertThat(form(take()))
			.containsExactlyInAnyOrderEntriesOf(Map.of("token", "access.1", "token_type_hint", "access_token"));
	}

	@Test
	void revokeWhenAccessTokensCannotBeRevokedThenLeavesThemToExpire() {
		answer(200, "");
		answer(400, "{\"error\":\"unsupported_token_type\"}");
		assertThat(failure(issuer())).isNull();
		assertThat(this.server.getRequestCount()).isEqualTo(2);
	}

	@Test
	void revokeWhenServerIsBusyThenTellsForHowLong() {
		this.server.enqueue(new MockResponse.Builder().code(503).addHeader("Retry-After", "7").build());
		assertThat(failure(issuer())).isInstanceOfSatisfying(TransientTokenException.class, (ex) -> {
			assertThat(ex.retryAfter()).isEqualTo(Duration.ofSeconds(7));
			assertThat(ex.reason()).startsWith("the revocation endpoint http://");
		});
	}

	@Test
	@Tag("SE-2")
	void revokeWhenClientIsRefusedThenFailsWithoutTheTokens() {
		answer(401, "{\"error\":\"invalid_client\",\"error_description\":\"not with refresh+1\"}");
		assertThat(failure(issuer())).isInstanceOf(TokenRefusedException.class)
			.hasMessageContaining("invalid_client")
			.hasMessageNotContaining("refresh+1");
	}

	@Test
	void revokeWhenThereIsNoEndpointThenTellsNobody() {
		OAuth2TokenIssuer issuer = builder().build();
		issuer.revoke(KEY, TOKENS).block(TIMEOUT);
		assertThat(this.server.getRequestCount()).isZero();
	}

	@Test
	void revokeWhenMetadataHasAnEndpointThenUsesIt() throws InterruptedException {
		AuthorizationServerMetadata metadata = AuthorizationServerMetadata
			.builder("https://idp.example", this.server.url("/token").uri())
			.revocationEndpoint(this.server.url("/discovered").uri())
			.build();
		answer(200, "");
		builder().metadata((key) -> Mono.just(metadata))
			.build()
			.revoke(KEY, TokenSet.withAccessToken("a1").build())
			.block(TIMEOUT);
		assertThat(take().getTarget()).isEqualTo("/discovered");
	}

	@Test
	void revokeThenSendsTheHeadersOfTheClientAndOfTheKeyAndNoParameters() throws InterruptedException {
		answer(200, "");
		TokenKey key = KEY
			.withParameters(TokenParameters.builder().header("x-tenant", "b").audience(List.of("a")).build());
		builder().revocationUri(this.server.url("/revoke").uri())
			.parameters(TokenParameters.builder()
				.header("x-tenant", "a")
				.header("x-api-key", "planted")
				.scope(List.of("s"))
				.build())
			.build()
			.revoke(key, TokenSet.withAccessToken("a1").build())
			.block(TIMEOUT);
		RecordedRequest request = take();
		assertThat(request.getHeaders().values("x-tenant")).containsExactly("b");
		assertThat(request.getHeaders().values("x-api-key")).containsExactly("planted");
		assertThat(form(request)).containsOnlyKeys("token", "token_type_hint");
	}

	@Test
	void revokeWhenRequestFormatIsJsonThenSendsJson() throws InterruptedException {
		answer(200, "");
		builder().revocationUri(this.server.url("/revoke").uri())
			.requestFormat(TokenRequestFormat.JSON)
			.build()
			.revoke(KEY, TokenSet.withAccessToken("a1").build())
			.block(TIMEOUT);
		RecordedRequest request = take();
		assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
		assertThat(request.getBody().utf8()).isEqualTo("{\"token\":\"a1\",\"token_type_hint\":\"access_token\"}");
	}

	@Test
	@DisplayName("RFC 8705, 5: mutual TLS has a revocation endpoint of its own")
	void revokeWhenMutualTlsThenAsksTheAliasWhereThereIsOne() throws InterruptedException {
		AuthorizationServerMetadata.Builder metadata = AuthorizationServerMetadata
			.builder("https://idp.example", this.server.url("/token").uri())
			.revocationEndpoint(this.server.url("/discovered").uri());
		AuthorizationServerMetadata without = metadata.build();
		AuthorizationServerMetadata with = metadata.mutualTlsRevocationEndpoint(this.server.url("/alias").uri())
			.build();
		for (AuthorizationServerMetadata each : List.of(without, with)) {
			answer(200, "");
			builder().metadata((key) -> Mono.just(each))
				.mutualTls(true)
				.build()
				.revoke(KEY, TokenSet.withAccessToken("a1").build())
				.block(TIMEOUT);
		}
		assertThat(take().getTarget()).isEqualTo("/discovered");
		assertThat(take().getTarget()).isEqualTo("/alias");
	}

	private OAuth2TokenIssuer issuer() {
		return builder().revocationUri(this.server.url("/revoke").uri()).build();
	}

	private OAuth2TokenIssuer.Builder builder() {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(this.server.url("/token").uri())
			.clientAuthentication(ClientAuthentication.clientSecretBasic("orders", "secret"));
	}

	private static Throwable failure(OAuth2TokenIssuer issuer) {
		return issuer.revoke(KEY, TOKENS).<Throwable>then(Mono.empty()).onErrorResume(Mono::just).block(TIMEOUT);
	}

	private void answer(int status, String body) {
		this.server.enqueue(new MockResponse.Builder().code(status)
			.addHeader("Content-Type", "application/json")
			.body(body)
			.build());
	}

	private RecordedRequest take() throws InterruptedException {
		return this.server.takeRequest(1, TimeUnit.MINUTES);
	}

	private static Map<String, String> form(RecordedRequest request) {
		return Arrays.stream(request.getBody().utf8().split("&"))
			.map((pair) -> pair.split("=", 2))
			.collect(Collectors.toMap((pair) -> pair[0], (pair) -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
	}

}
