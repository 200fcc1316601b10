package io.github.evertoken.test.server;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Fault}.
 */
@Tag("TE-2")
class FaultTests {

	@RegisterExtension
	final AuthorizationServer server = AuthorizationServer.forClients("inventory");

	private final Http http = new Http(this.server);

	@Test
	void statusWhenItHasNumberOfTimesThenIsOverAfterThem() throws IOException {
		this.server.disturb(Fault.status(503).times(2));
		assertThat(status()).isEqualTo(503);
		assertThat(status()).isEqualTo(503);
		assertThat(status()).isEqualTo(200);
		assertThat(this.server).receivedTokenRequests("client_credentials", 3).issuedAccessTokens(1);
		assertThatIllegalArgumentException().isThrownBy(() -> Fault.torn().times(0));
	}

	private int status() throws IOException {
		return this.http.token("client_credentials").statusCode();
	}

	@Test
	void statusWhenItHasNoNumberOfTimesThenLastsUntilTheServerRecovers() throws IOException {
		this.server.disturb(Fault.answer(500, "text/html", "<html>trouble</html>"));
		for (int i = 0; i < 5; i++) {
			HttpResponse<String> response = this.http.token("client_credentials");
			assertThat(response.statusCode()).isEqualTo(500);
			assertThat(response.body()).isEqualTo("<html>trouble</html>");
		}
		this.server.recover();
		assertThat(status()).isEqualTo(200);
	}

	@Test
	void faultsWhenThereAreSeveralThenTheLastOneCounts() throws IOException {
		this.server.disturb(Fault.status(500)).disturb(Fault.refused("invalid_client").times(1));
		assertThat(status()).isEqualTo(401);
		assertThat(status()).isEqualTo(500);
	}

	@Test
	void rateLimitedThenSaysWhenToComeBack() throws IOException {
		this.server.disturb(Fault.rateLimited(Duration.ofSeconds(30)));
		HttpResponse<String> response = this.http.token("client_credentials");
		assertThat(response.statusCode()).isEqualTo(429);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("30");
	}

	@Test
	void refusedThenNothingIsRedeemed() throws IOException {
		String refreshToken = this.server.newSession("inventory", "alice");
		this.server.disturb(Fault.refused("invalid_scope").times(1));
		HttpResponse<String> response = this.http.token("refresh_token", "refresh_token", refreshToken);
		assertThat(Http.member(response, "error")).isEqualTo("invalid_scope");
		assertThat(this.http.refreshed(refreshToken, "access_token")).isNotEmpty();
		assertThat(this.server).sawNoReuse();
	}

	@Test
	void resetThenNothingIsRedeemed() throws IOException {
		String refreshToken = this.server.newSession("inventory", "alice");
		this.server.disturb(Fault.reset().times(1));
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> this.http.refreshed(refreshToken, "access_token"));
		assertThat(this.http.refreshed(refreshToken, "access_token")).isNotEmpty();
		assertThat(this.server).sawNoReuse();
	}

	@Test
	void tornThenTheRefreshTokenIsRedeemedAllTheSame() throws IOException {
		redeemedWithoutAnAnswer(Fault.torn());
	}

	@Test
	void lostThenTheRefreshTokenIsRedeemedAllTheSame() throws IOException {
		redeemedWithoutAnAnswer(Fault.lost());
	}

	private void redeemedWithoutAnAnswer(Fault fault) throws IOException {
		String refreshToken = this.server.newSession("inventory", "alice");
		this.server.disturb(fault.times(1));
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> this.http.refreshed(refreshToken, "access_token"));
		assertThat(this.server).issuedAccessTokens(1).sawNoReuse();
		assertThat(this.http.token("refresh_token", "refresh_token", refreshToken).statusCode()).isEqualTo(400);
		assertThat(this.server).reusedRefreshTokens(1);
	}

	@Test
	void slowThenWhatIsAskedForIsDoneAtOnce() throws IOException {
		this.server.disturb(Fault.slow(Duration.ofMillis(300)).times(1));
		long start = System.nanoTime();
		CompletableFuture<HttpResponse<String>> response = later();
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.untilAsserted(() -> assertThat(this.server).issuedAccessTokens(1));
		assertThat(response.orTimeout(1, TimeUnit.MINUTES).join().statusCode()).isEqualTo(200);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));
	}

	@Test
	void slowWhenTheServerHasATimeThatWaitsThenWaitsByIt() throws IOException {
		BlockingQueue<String> waits = new LinkedBlockingQueue<>();
		this.server.with(new ServerTime() {

			@Override
			public Instant instant() {
				return Instant.EPOCH;
			}

			@Override
			public void delay(Endpoint endpoint, Duration delay, BooleanSupplier stillWaits) {
				waits.add(endpoint + " " + delay + " " + stillWaits.getAsBoolean());
			}

		}).disturb(Fault.slow(Duration.ofHours(3)).at(Endpoint.RESOURCE));
		assertThat(this.http.resource().statusCode()).isEqualTo(401);
		assertThat(waits).containsExactly("RESOURCE PT3H true");
	}

	@Test
	void hangingThenNothingComesAndNothingIsDone() {
		this.server.disturb(Fault.hanging().times(1));
		CompletableFuture<HttpResponse<String>> response = later();
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.untilAsserted(() -> assertThat(this.server).receivedTokenRequests(1).issuedAccessTokens(0));
		assertThat(response).isNotDone();
		this.server.close();
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(response::isCompletedExceptionally);
	}

	private CompletableFuture<HttpResponse<String>> later() {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return this.http.token("client_credentials");
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	@Test
	void atThenOtherEndpointsWork() throws IOException {
		this.server.disturb(Fault.status(502).at(Endpoint.RESOURCE, Endpoint.METADATA));
		assertThat(status()).isEqualTo(200);
		assertThat(this.http.resource().statusCode()).isEqualTo(502);
		assertThat(this.http.get(this.server.issuer() + "/.well-known/openid-configuration").statusCode())
			.isEqualTo(502);
	}

	@Test
	void withHeaderThenItIsAnswered() throws IOException {
		this.server.disturb(Fault.status(503).withHeader("Retry-After", "Thu, 1 Jan 2026 00:00:00 GMT").times(1));
		this.server
			.disturb(Fault.slow(Duration.ofMillis(1)).withHeader("X-One", "1").withHeader("X-Two", "2").times(1));
		HttpResponse<String> usual = this.http.token("client_credentials");
		assertThat(usual.statusCode()).isEqualTo(200);
		assertThat(usual.headers().map()).containsKeys("x-one", "x-two");
		assertThat(this.http.token("client_credentials").headers().firstValue("Retry-After"))
			.hasValue("Thu, 1 Jan 2026 00:00:00 GMT");
		assertThatIllegalArgumentException().isThrownBy(() -> Fault.torn().withHeader("X", "1\r\nY: 2"));
	}

	@Test
	void toStringThenHasNothingOfTheAnswer() {
		assertThat(Fault.answer(500, "text/plain", "planted").times(3))
			.hasToString("Fault[status 500 at [TOKEN], 3 times]");
		assertThat(Fault.torn().at(Endpoint.REVOCATION)).hasToString("Fault[torn answer at [REVOCATION]]");
	}

}
