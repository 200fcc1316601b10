package io.github.evertoken.test.boot.stock;

import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.StaticTokenManager;
import io.github.evertoken.test.boot.EvertokenTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webclient.test.autoconfigure.WebClientTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The slice of {@link WebClientTest}, with a server that issues tokens and with tokens
 * that nobody has issued.
 */
@Tag("TE-6")
class StockWebClientSliceTests {

	@RegisterExtension
	static final AuthorizationServer server = AuthorizationServer.forClients("inventory");

	@Nested
	@WebClientTest(Stock.class)
	class WithServer {

		@Test
		void stockThenIsAskedForWithATokenOfTheServer(@Autowired Stock stock) {
			assertThat(stock.of("pen")).isEqualTo("get with access token 1");
			assertThat(server).receivedTokenRequestsWith("scope", "inventory.read", 1);
		}

	}

	@Nested
	@WebClientTest(Stock.class)
	@EvertokenTest
	class WithStaticTokens {

		@Test
		void stockThenIsAskedForWithStaticTokensAndTheServerKnowsNoneOfThem(@Autowired Stock stock,
				@Autowired StaticTokenManager tokens) {
			tokens.use("inventory", "made-up");
			assertThatThrownBy(() -> stock.of("pen")).hasMessageContaining("401");
			assertThat(server).receivedNoTokenRequest().receivedResourceRequestsWithAccessTokens(0, 0);
			assertThat(server.requests()).extracting((request) -> request.header("Authorization"))
				.containsExactly("Bearer made-up", "Bearer made-up-2");
		}

	}

}
