package io.github.evertoken.test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.test.server.ReceivedRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TestTime}.
 */
@Tag("TE-4")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TestTimeTests {

	private static final Instant START = Instant.parse("2026-03-29T00:30:00Z");

	private static final TokenKey KEY = TokenKey.of("inventory");

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private final TestTime time = TestTime.startingAt(START);

	@RegisterExtension
	final AuthorizationServer server = AuthorizationServer.forClients("inventory").with(this.time);

	private DefaultTokenManager manager = manager(AuthorizationGrant.clientCredentials());

	@AfterEach
	void close() {
		this.manager.close();
	}

	private DefaultTokenManager manager(AuthorizationGrant grant) {
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(WebClient.create())
			.tokenUri(java.net.URI.create(this.server.tokenUri()))
			.revocationUri(java.net.URI.create(this.server.revocationUri()))
			.clientAuthentication(
					ClientAuthentication.clientSecretBasic("inventory", this.server.clientSecret("inventory")))
			.grant(grant)
			.build();
		ClientSettings settings = ClientSettings.of("inventory", issuer).keepAlive(true).build();
		return this.time.applyTo(DefaultTokenManager.builder().client(settings)).build();
	}

	private String token() {
		return this.manager.token(KEY).block(TIMEOUT).value();
	}

	@Test
	void passWhenADayOfRenewalsThenEachHasHappenedInItsTime() {
		long start = System.nanoTime();
		String first = token();
		this.time.pass(Duration.ofHours(24));
		System.out.printf("24 hours of renewals over HTTP: %d ms%n",
				TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
		// At 77.5 % of each hour.
		Duration each = Duration.ofMinutes(46).plusSeconds(30);
		assertThat(this.server).receivedTokenRequests("client_credentials", 1 + 30).issuedAccessTokens(31);
		assertThat(this.server.requests(Endpoint.TOKEN)).extracting(ReceivedRequest::receivedAt)
			.isEqualTo(
					java.util.stream.IntStream.range(0, 31).mapToObj((i) -> START.plus(each.multipliedBy(i))).toList());
		assertThat(this.time.instant()).isEqualTo(START.plus(Duration.ofHours(24)));
		assertThat(token()).isNotEqualTo(first);
		assertThat(this.server).receivedTokenRequests(31);
	}

	@Test
	void passWhenADayOfRotatedRefreshTokensThenNoneIsRedeemedTwice() {
		this.manager.put(KEY, TokenSet.withRefreshToken(this.server.newSession("inventory", "alice")).build())
			.block(TIMEOUT);
		token();
		this.time.pass(Duration.ofHours(24));
		assertThat(this.server).receivedTokenRequests("refresh_token", 31).sawNoReuse().endedSessions(0);
	}

	@Test
	void passWhenTheServerIsDownForAWhileThenRetriesAreTheSameEachTime() {
		token();
		this.server.disturb(Fault.status(503));
		this.time.pass(Duration.ofMinutes(50));
		List<Duration> retries = retries();
		assertThat(retries).hasSizeGreaterThan(2);
		this.server.recover();
		this.time.pass(Duration.ofHours(1));
		assertThat(this.server).issuedAccessTokens(2 + 1);

		this.manager.close();
		this.server.forgetRequests();
		Instant start = this.time.instant();
		this.manager = manager(AuthorizationGrant.clientCredentials());
		token();
		this.server.disturb(Fault.status(503));
		this.time.pass(Duration.ofMinutes(50));
		assertThat(this.server.requests(Endpoint.TOKEN).get(0).receivedAt()).isEqualTo(start);
		assertThat(retries()).isEqualTo(retries);
	}

	private List<Duration> retries() {
		List<ReceivedRequest> requests = this.server.requests(Endpoint.TOKEN);
		return requests.stream()
			.map((request) -> Duration.between(requests.get(0).receivedAt(), request.receivedAt()))
			.toList();
	}

	@Test
	void passWhenAnAnswerIsTornThenItIsWaitedForTheNextOne() {
		this.manager.put(KEY, TokenSet.withRefreshToken(this.server.newSession("inventory", "alice")).build())
			.block(TIMEOUT);
		this.server.rotationGrace(Duration.ofMinutes(1));
		token();
		this.server.disturb(Fault.torn().times(1));
		this.time.pass(Duration.ofMinutes(47));
		assertThat(this.server).receivedTokenRequests("refresh_token", 3).sawNoReuse().endedSessions(0);
	}

	@Test
	void passWhenAnAnswerIsSlowThenTimesOutByTheTimeOfTheTest() {
		this.server.disturb(Fault.slow(Duration.ofSeconds(8)).times(1));
		CompletableFuture<String> waiting = this.manager.token(KEY).map((token) -> token.value()).toFuture();
		this.time.pass(Duration.ofSeconds(4));
		assertThat(waiting).isNotDone();
		assertThat(this.time.passUntil(waiting::isDone, Duration.ofSeconds(30))).isTrue();
		assertThat(waiting).isCompleted();
		assertThat(this.server).receivedTokenRequests(2);
		assertThat(this.time.instant()).isBetween(START.plusSeconds(5), START.plusSeconds(8));
	}

	@Test
	void passWhenThereIsNoAnswerThenTheCallFailsAfterItsMaxWait() {
		this.server.disturb(Fault.hanging());
		CompletableFuture<String> waiting = this.manager.token(KEY).map((token) -> token.value()).toFuture();
		assertThat(this.time.passUntil(waiting::isDone, Duration.ofMinutes(1))).isTrue();
		assertThatExceptionOfType(java.util.concurrent.ExecutionException.class).isThrownBy(waiting::get)
			.withCauseInstanceOf(TransientTokenException.class);
		assertThat(this.time.instant()).isBefore(START.plusSeconds(11));
	}

	@Test
	void passUntilWhenItIsNeverSoThenEndsInTime() {
		assertThat(this.time.passUntil(() -> false, Duration.ofDays(3))).isFalse();
		assertThat(this.time.instant()).isEqualTo(START.plus(Duration.ofDays(3)));
		assertThat(this.time).hasToString("TestTime[2026-04-01T00:30:00Z]");
	}

	@Test
	void resourceWhenTheTokenHasExpiredByTheTestsTimeThenIsRefused() {
		String bearer = "Bearer " + token();
		assertThat(status(bearer)).isEqualTo(200);
		this.time.pass(Duration.ofHours(1));
		assertThat(status(bearer)).isEqualTo(401);
		assertThat(status("Bearer " + token())).isEqualTo(200);
		assertThat(this.server).receivedResourceRequestsWithAccessTokens(1, 1, 2);
	}

	@Test
	void resourceWhenItIsSlowThenWaitsByTheTestsTime() {
		this.server.disturb(Fault.slow(Duration.ofHours(3)).at(Endpoint.RESOURCE));
		CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> status("Bearer none"));
		Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertThat(this.server).receivedResourceRequests(1));
		this.time.pass(Duration.ofHours(2));
		assertThat(status).isNotDone();
		// The server may not have begun to wait when the time passed.
		Awaitility.await().atMost(TIMEOUT).until(() -> {
			this.time.pass(Duration.ofHours(1));
			return status.isDone();
		});
		assertThat(status.join()).isEqualTo(401);
	}

	private int status(String authorization) {
		return WebClient.create()
			.get()
			.uri(this.server.resourceUri())
			.header("Authorization", authorization)
			.exchangeToMono((response) -> response.releaseBody().thenReturn(response.statusCode().value()))
			.block(TIMEOUT);
	}

}
