package io.github.evertoken.test.server;

import java.io.IOException;
import java.util.List;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AuthorizationServerAssert}: each assertion fails when it should, says
 * what has come, and has no secret in it.
 */
@Tag("TE-3")
class AuthorizationServerAssertTests {

	@RegisterExtension
	final AuthorizationServer server = AuthorizationServer.forClients("inventory");

	private final Http http = new Http(this.server);

	private String refreshToken = "";

	private String accessToken = "";

	@BeforeEach
	void receive() throws IOException {
		this.refreshToken = this.server.newSession("inventory", "alice");
		this.accessToken = this.http.refreshed(this.refreshToken, "access_token");
		this.http.token("client_credentials", "scope", "100%d");
		this.http.token("refresh_token", "refresh_token", this.refreshToken);
		this.http.resource("Authorization", "Bearer " + this.accessToken);
		this.http.resource();
		this.http.revoke(this.accessToken);
	}

	@Test
	void assertionsWhenTheyHoldThenPass() {
		assertThat(this.server).receivedTokenRequests(3)
			.receivedTokenRequests("refresh_token", 2)
			.receivedTokenRequestsWith("scope", "100%d", 1)
			.receivedRefreshToken(this.refreshToken, 2)
			.receivedResourceRequests(2)
			.receivedResourceRequestsWithAccessTokens(1, 0)
			.receivedRevocations(1)
			.issuedAccessTokens(2)
			.reusedRefreshTokens(1)
			.endedSessions(1);
		assertThat(this.server).requests(Endpoint.TOKEN)
			.extracting(ReceivedRequest::status)
			.containsExactly(200, 200, 400);
	}

	@Test
	void assertionsWhenTheyDoNotHoldThenSayWhatHasCome() {
		assertFails(() -> assertThat(this.server).receivedTokenRequests(2), "Expected 2 token requests, and not 3");
		assertFails(() -> assertThat(this.server).receivedNoTokenRequest(), "Expected 0 token requests, and not 3");
		assertFails(() -> assertThat(this.server).receivedTokenRequests("client_credentials", 2),
				"Expected 2 token requests with the grant client_credentials, and not 1");
		assertFails(() -> assertThat(this.server).receivedRefreshToken(this.refreshToken, 1),
				"Expected 1 token requests with that refresh_token, and not 2");
		assertFails(() -> assertThat(this.server).receivedResourceRequests(1),
				"Expected 1 resource requests, and not 2");
		assertFails(() -> assertThat(this.server).receivedResourceRequestsWithAccessTokens(1, 2),
				"Expected the resource requests to have come with the access tokens [1, 2], and not [1, 0]");
		assertFails(() -> assertThat(this.server).receivedRevocations(0), "Expected 0 revocation requests, and not 1");
		assertFails(() -> assertThat(this.server).refusedNoAccessToken(),
				"Expected 0 resource requests that were answered with 401, and not 2");
		assertFails(() -> assertThat(this.server).sawNoReuse(),
				"Expected 0 redeemed refresh tokens to have come again, and not 1");
		assertFails(() -> assertThat(this.server).endedSessions(0), "Expected 0 sessions to have ended, and not 1");
		assertFails(() -> assertThat(this.server).issuedAccessTokens(1),
				"Expected 1 access tokens to have been issued, and not 2");
		assertFails(() -> assertThat(this.server).as("after %s", "all").receivedTokenRequests(0),
				"[after all] Expected 0");
	}

	private void assertFails(ThrowingCallable assertion, String message) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(assertion)
			.withMessageContaining(message)
			.withMessageContaining(
					"POST /token, client_credentials, client inventory, scope 100%d, answered 200, access token 2")
			.withMessageContaining("POST /token, refresh_token, client inventory, answered 400 invalid_grant")
			.satisfies((failure) -> assertThat(secrets()).noneMatch(String.valueOf(failure.getMessage())::contains));
	}

	private List<String> secrets() {
		return List.of(this.refreshToken, this.accessToken, this.server.clientSecret("inventory"),
				this.http.basic().substring("Basic ".length()));
	}

	@Test
	void toStringThenHasNoSecret() {
		String all = this.server.toString() + this.server.requests();
		assertThat(this.server).hasToString("AuthorizationServer[clients=[inventory], requests=6]");
		assertThat(secrets()).noneMatch(all::contains);
		assertThat(this.server.requests(Endpoint.REVOCATION)).singleElement().satisfies((request) -> {
			assertThat(request.parameter("token")).isEqualTo(this.accessToken);
			assertThat(request.header("authorization")).isEqualTo(this.http.basic());
			assertThat(request.accessToken()).isEqualTo(1);
			assertThat(request.client()).isEqualTo("inventory");
			assertThat(request.method()).isEqualTo("POST");
		});
	}

}
