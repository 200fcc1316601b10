package io.github.evertoken.test.boot.stock;

import java.time.Duration;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.test.TestTime;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.env.Environment;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whole applications with an {@link AuthorizationServer}.
 */
@Tag("TE-5")
class WholeApplicationTests {

	@Nested
	@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE)
	class WithServer {

		@RegisterExtension
		static final AuthorizationServer server = AuthorizationServer.forClients("inventory");

		private final Stock stock;

		private final BlockingStock blockingStock;

		WithServer(@Autowired Stock stock, @Autowired BlockingStock blockingStock) {
			this.stock = stock;
			this.blockingStock = blockingStock;
		}

		@RepeatedTest(3)
		void eachTestThenBeginsWithoutATokenAndWithoutRequests() {
			this.stock.of("pen");
			this.blockingStock.of("pen");
			assertThat(server).receivedTokenRequests(1).receivedResourceRequestsWithAccessTokens(1, 1);
			server.accessTokenLifetime(Duration.ofSeconds(1)).disturb(Fault.status(503));
		}

		// tag::revoked[]
		@Test
		void stockWhenTheTokenIsRevokedThenIsAskedForWithAnotherOne() {
			this.stock.of("pen");
			server.revokeAccessTokens();
			this.stock.of("ink");
			assertThat(server).receivedResourceRequestsWithAccessTokens(1, 1, 2);
		}

		// end::revoked[]
		// tag::fault[]
		@Test
		void stockWhenTheServerFailsTwiceThenIsAskedForAllTheSame() {
			server.disturb(Fault.status(503).times(2));
			this.stock.of("pen");
			assertThat(server).receivedTokenRequests(3).refusedNoAccessToken();
		}
		// end::fault[]

	}

	@Nested
	@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE)
	@ActiveProfiles("session")
	class WithTimeOfTheTest {

		// tag::time[]
		static final TestTime time = TestTime.startingNow();

		@RegisterExtension
		static final AuthorizationServer server = AuthorizationServer.forClients("inventory").with(time);

		@Test
		void sessionThenLivesThroughADay(@Autowired Stock stock) {
			stock.of("pen");
			time.pass(Duration.ofHours(24));
			stock.of("ink");
			assertThat(server).receivedTokenRequests("refresh_token", 31).sawNoReuse().refusedNoAccessToken();
		}
		// end::time[]

		@Test
		void sessionWhenAnAnswerIsTornInMidRotationThenLivesOn(@Autowired Stock stock) {
			server.rotationGrace(Duration.ofSeconds(30));
			stock.of("pen");
			server.disturb(Fault.torn().times(1));
			time.pass(Duration.ofHours(2));
			assertThat(server).sawNoReuse().endedSessions(0);
		}

	}

	@Nested
	@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE)
	@ActiveProfiles("bound")
	class WithTokensThatAreBound {

		@RegisterExtension
		static final AuthorizationServer server = AuthorizationServer.forClients("inventory")
			.requireDpop()
			.requireDpopNonce();

		@Test
		void stockThenIsAskedForWithAProof(@Autowired Stock stock) {
			assertThat(stock.of("pen")).startsWith("get with access token ");
			server.changeDpopNonce();
			server.revokeAccessTokens();
			assertThat(stock.of("ink")).startsWith("get with access token ");
			assertThat(server).issuedAccessTokens(2);
			assertThat(server.requests(Endpoint.TOKEN)).last()
				.satisfies((request) -> assertThat(request.parameter("client_assertion")).isNotNull());
		}

	}

	@Nested
	@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE,
			properties = { "evertoken.clients.inventory.base-url=http://127.0.0.1:9/elsewhere" })
	class WithPropertiesOfTheTest {

		@RegisterExtension
		static final AuthorizationServer server = AuthorizationServer.forClients("inventory");

		@Test
		void propertyWhenTheTestSetsItThenGoesBeforeTheServers(@Autowired Environment environment,
				@Autowired TokenManager manager, @Autowired AuthorizationServer injected) {
			assertThat(environment.getProperty("evertoken.clients.inventory.base-url"))
				.isEqualTo("http://127.0.0.1:9/elsewhere");
			assertThat(environment.getProperty("evertoken.clients.inventory.issuer-uri")).isEqualTo(server.issuer());
			assertThat(injected).isSameAs(server);
			manager.token(TokenKey.of("inventory")).block(Duration.ofMinutes(2));
			assertThat(server).receivedTokenRequests("client_credentials", 1);
		}

	}

}
