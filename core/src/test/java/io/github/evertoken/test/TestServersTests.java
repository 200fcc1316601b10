package io.github.evertoken.test;

import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.nimbusds.jose.util.JSONObjectUtils;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TestAuthorizationServer} and {@link TestResourceServer}.
 */
class TestServersTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private final TestAuthorizationServer issuer = TestAuthorizationServer.start();

	private final TestResourceServer resource = TestResourceServer.start(this.issuer);

	private final WebClient webClient = TestWebClients.builder().build();

	@BeforeEach
	void shortenLife() {
		this.issuer.expiresIn(Duration.ofMinutes(5));
	}

	@AfterEach
	void closeServers() {
		this.resource.close();
		this.issuer.close();
	}

	@Test
	void resourceWhenTokenActiveThenAnswersWithItsName() {
		String token = accessToken(clientCredentials());
		assertThat(call(token)).isEqualTo("200 token-1");
		assertThat(this.resource.unauthorized()).isZero();
	}

	@Test
	void resourceWhenTokenRevokedThen401WithInvalidToken() {
		String token = accessToken(clientCredentials());
		this.issuer.revoke(token);
		assertThat(call(token)).isEqualTo("401 Bearer error=\"invalid_token\"");
		assertThat(this.resource.unauthorized()).isEqualTo(1);
	}

	@Test
	void resourceWhenTokenExpiredThen401() {
		this.issuer.expiresIn(Duration.ZERO);
		assertThat(call(accessToken(clientCredentials()))).startsWith("401");
	}

	@Test
	void resourceWhenToldToRefuseThenRefusesActiveTokens() {
		String token = accessToken(clientCredentials());
		this.resource.refuseEveryToken(true);
		assertThat(call(token)).startsWith("401");
		this.resource.refuseEveryToken(false);
		assertThat(call(token)).startsWith("200");
	}

	@Test
	void refreshWhenTokenUsedTwiceThenWholeFamilyIsRevoked() {
		String first = this.issuer.login();
		Map<String, Object> renewed = refresh(first);
		String second = (String) renewed.get("refresh_token");
		assertThat(this.issuer.isActive(accessToken(renewed))).isTrue();

		assertThat(refresh(first)).containsEntry("error", "invalid_grant");
		assertThat(refresh(second)).containsEntry("error", "invalid_grant");
		assertThat(this.issuer.isActive(accessToken(renewed))).isFalse();
		assertThat(this.issuer.reuses()).isEqualTo(1);
		assertThat(this.issuer.requests("refresh_token")).isEqualTo(3);
	}

	@Test
	void refreshWhenNotRotatingThenTokenStaysValid() {
		this.issuer.withoutRotation();
		String refreshToken = this.issuer.login();
		assertThat(refresh(refreshToken)).doesNotContainKey("refresh_token");
		assertThat(refresh(refreshToken)).containsKey("access_token");
	}

	@Test
	void tokenWhenSecretWrongThenInvalidClient() {
		assertThat(token(Map.of("grant_type", "client_credentials"), "wrong")).containsEntry("error", "invalid_client");
	}

	@Test
	void tokenWhenExpiryNotNamedThenExpiresInAbsent() {
		assertThat(clientCredentials()).containsEntry("expires_in", 300L);
		this.issuer.withoutExpiresIn();
		assertThat(clientCredentials()).doesNotContainKey("expires_in");
	}

	@Test
	void tokenWhenFailingThen503WithRetryAfterUntilRecovered() {
		this.issuer.fail("7");
		ResponseEntity<String> response = exchange(Map.of("grant_type", "client_credentials"), "any").block(TIMEOUT);
		assertThat(response.getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(response.getHeaders().getFirst("Retry-After")).isEqualTo("7");
		this.issuer.recover();
		assertThat(clientCredentials()).containsKey("access_token");
		assertThat(this.issuer.requests()).isEqualTo(2);
		assertThat(this.issuer.issued()).isEqualTo(1);
	}

	@Test
	void tokenWhenHangingThenNothingComesAndRecovers() {
		this.issuer.hang();
		StepVerifier.create(exchange(Map.of("grant_type", "client_credentials"), "any"))
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(300))
			.thenCancel()
			.verify(TIMEOUT);
		this.issuer.recover();
		assertThat(clientCredentials()).containsKey("access_token");
	}

	@Test
	void tokenWhenLatentThenTakesAsLong() {
		this.issuer.latency(Duration.ofMillis(300));
		StepVerifier.create(exchange(Map.of("grant_type", "client_credentials"), "any"))
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(200))
			.expectNextCount(1)
			.expectComplete()
			.verify(TIMEOUT);
	}

	@Test
	void tokenWhenToldWhatToAnswerThenAnswersIt() {
		this.issuer.answer(new MockResponse.Builder().code(410).build());
		assertThat(exchange(Map.of(), "any").block(TIMEOUT).getStatusCode()).isEqualTo(HttpStatus.GONE);
	}

	@Test
	void resourceWhenThousandConnectionsAtOnceThenServesAllWithoutDelay() {
		String token = accessToken(clientCredentials());
		this.resource.latency(Duration.ofMillis(500));
		WebClient wide = TestWebClients.builder(1000).build();
		// A connection that the kernel drops is tried again a second later.
		List<String> answers = Flux.range(0, 1000).flatMap((i) -> get(wide, token), 1000).collectList().block(TIMEOUT);
		assertThat(answers).hasSize(1000).containsOnly("200 token-1");
		assertThat(this.resource.requests()).isEqualTo(1000);
	}

	private String call(String token) {
		return get(this.webClient, token).block(TIMEOUT);
	}

	private Mono<String> get(WebClient client, String token) {
		return client.get()
			.uri(this.resource.uri())
			.headers((headers) -> headers.setBearerAuth(token))
			.exchangeToMono((response) -> response.bodyToMono(String.class)
				.defaultIfEmpty(String.valueOf(response.headers().asHttpHeaders().getFirst("WWW-Authenticate")))
				.map((body) -> response.statusCode().value() + " " + body));
	}

	private static String accessToken(Map<String, Object> response) {
		return (String) response.get("access_token");
	}

	private Map<String, Object> clientCredentials() {
		return token(Map.of("grant_type", "client_credentials"), TestAuthorizationServer.CLIENT_SECRET);
	}

	private Map<String, Object> refresh(String refreshToken) {
		return token(Map.of("grant_type", "refresh_token", "refresh_token", refreshToken),
				TestAuthorizationServer.CLIENT_SECRET);
	}

	private Map<String, Object> token(Map<String, String> form, String secret) {
		String json = exchange(form, secret).mapNotNull(ResponseEntity::getBody).block(TIMEOUT);
		try {
			return JSONObjectUtils.parse(json);
		}
		catch (ParseException ex) {
			throw new AssertionError(ex);
		}
	}

	private Mono<ResponseEntity<String>> exchange(Map<String, String> parameters, String secret) {
		MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
		parameters.forEach(form::set);
		return this.webClient.post()
			.uri(this.issuer.tokenUri())
			.headers((headers) -> headers.setBasicAuth(TestAuthorizationServer.CLIENT_ID, secret))
			.bodyValue(form)
			.exchangeToMono((response) -> response.toEntity(String.class));
	}

}
