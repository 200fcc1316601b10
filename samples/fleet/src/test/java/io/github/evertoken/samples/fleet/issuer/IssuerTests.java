package io.github.evertoken.samples.fleet.issuer;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

import io.github.evertoken.samples.fleet.issuer.Issuer.Session;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Issuer}: a show whose server forgives reuse would prove nothing.
 */
class IssuerTests {

	private static final String BASIC = "Basic "
			+ Base64.getEncoder().encodeToString("fleet-sessions:sessions-secret".getBytes(StandardCharsets.UTF_8));

	private final HttpClient client = HttpClient.newHttpClient();

	@Test
	void refreshWhenARotatedTokenIsSentThenTheSessionIsRevoked() throws Exception {
		try (Issuer issuer = Issuer.start(Duration.ofMinutes(1), Duration.ZERO)) {
			Session session = issuer.logIn("alice");
			HttpResponse<String> first = refresh(issuer, session.refreshToken());
			assertThat(first.statusCode()).isEqualTo(200);
			assertThat(issuer.isAlive(session.id())).isTrue();
			assertThat(refresh(issuer, session.refreshToken()).body()).contains("invalid_grant");
			assertThat(issuer.isAlive(session.id())).isFalse();
			assertThat(refresh(issuer, refreshToken(first)).body()).contains("invalid_grant");
			assertThat(issuer.reuses()).singleElement()
				.satisfies((reuse) -> assertThat(reuse.rotation()).isEqualTo(issuer.rotations().get(0)))
				.satisfies((reuse) -> assertThat(reuse.replica()).isEqualTo("r1"));
		}
	}

	@Test
	void refreshWhenARotatedTokenIsSentWithinTheGraceThenItIsTakenOnceMore() throws Exception {
		try (Issuer issuer = Issuer.start(Duration.ofMinutes(1), Duration.ofMinutes(1))) {
			Session session = issuer.logIn("alice");
			refresh(issuer, session.refreshToken());
			HttpResponse<String> second = refresh(issuer, session.refreshToken());
			assertThat(second.statusCode()).isEqualTo(200);
			assertThat(refresh(issuer, refreshToken(second)).statusCode()).isEqualTo(200);
			assertThat(issuer.reuses()).isEmpty();
			assertThat(issuer.rotations()).hasSize(3);
		}
	}

	private static String refreshToken(HttpResponse<String> response) {
		return JsonMapper.shared().readTree(response.body()).get("refresh_token").asString();
	}

	private HttpResponse<String> refresh(Issuer issuer, String refreshToken) throws IOException, InterruptedException {
		return this.client.send(HttpRequest.newBuilder(URI.create(issuer.url() + "/oauth2/token"))
			.header("Authorization", BASIC)
			.header(Requester.HEADER, "r1")
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString("grant_type=refresh_token&refresh_token=" + refreshToken))
			.build(), BodyHandlers.ofString());
	}

}
