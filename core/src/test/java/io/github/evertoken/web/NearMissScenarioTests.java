package io.github.evertoken.web;

import java.time.Duration;
import java.util.List;

import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.support.LogLines;
import io.github.evertoken.test.support.TestWebClients;
import io.github.evertoken.web.Explanation.Difference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The worst hour of a new user, over real HTTP: all is configured, and the answer is a
 * plain 401.
 */
class NearMissScenarioTests {

	@RegisterExtension
	final AuthorizationServer server = AuthorizationServer.forClients("orders");

	private DefaultTokenManager manager;

	private RequestExplainer explainer;

	private WebClient webClient;

	@BeforeEach
	void start() {
		this.manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", Fixture.issuer(this.server).build())
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofMinutes(1))
				.build())
			.build();
		TokenExchangeFilterFunction filter = new TokenExchangeFilterFunction(this.manager,
				ClientSelector.builder().add(BaseUrl.of(url("127.0.0.1", "/api/v1")), "inventory").build());
		this.explainer = filter.explainer();
		this.webClient = TestWebClients.builder().filter(filter).build();
	}

	@AfterEach
	void stop() {
		this.manager.close();
	}

	private String url(String host, String path) {
		return this.server.issuer().replace("127.0.0.1", host) + path;
	}

	private int status(String url) {
		return Fixture.await(this.webClient.get()
			.uri(url)
			.exchangeToMono((response) -> response.releaseBody().thenReturn(response.statusCode().value())));
	}

	@Test
	@Tag("OB-42")
	@Tag("OB-43")
	void callWhenTheHostIsTheOtherNameOfTheMachineThenOneWarningSaysWhatToDo() {
		try (LogLines log = new LogLines(RequestExplainer.class.getName())) {
			assertThat(status(url("localhost", "/api/v1/items?token=planted"))).isEqualTo(401);
			assertThat(status(url("localhost", "/api/v1/items/7"))).isEqualTo(401);
			assertThat(log.with("")).singleElement()
				.asString()
				.contains("Nearest is client 'inventory' with " + url("127.0.0.1", "/api/v1"))
				.contains("the host is localhost and not 127.0.0.1")
				.contains("add " + url("localhost", "") + " to evertoken.clients.inventory.origins")
				.doesNotContain("planted");
		}
		List<RequestWithoutToken> last = this.explainer.requestsWithoutToken();
		assertThat(last).extracting((request) -> request.explanation().url())
			.containsExactly(url("localhost", "/api/v1/items/7"), url("localhost", "/api/v1/items"));
		assertThat(last).allSatisfy((request) -> {
			assertThat(request.status()).isEqualTo(401);
			assertThat(request.explanation().differences()).containsExactly(Difference.HOST);
		});
	}

	@Test
	@Tag("OB-42")
	void callWhenThePathIsAnotherThenOneWarningSaysHowToNameTheClient() {
		try (LogLines log = new LogLines(RequestExplainer.class.getName())) {
			assertThat(status(url("127.0.0.1", "/api/v2/items"))).isEqualTo(401);
			assertThat(log.with("")).singleElement()
				.asString()
				.contains("the path is not below /api/v1")
				.contains("attributes(client(\"inventory\"))");
		}
	}

	@Test
	@Tag("OB-45")
	void callWhenItIsCoveredThenNothingIsSaidAndNothingKept() {
		try (LogLines log = new LogLines(RequestExplainer.class.getName())) {
			assertThat(status(url("127.0.0.1", "/api/v1/items"))).isEqualTo(200);
			assertThat(status(url("127.0.0.1", "/api/v1/items"))).isEqualTo(200);
			assertThat(log.with("")).isEmpty();
		}
		assertThat(this.explainer.requestsWithoutToken()).isEmpty();
	}

}
