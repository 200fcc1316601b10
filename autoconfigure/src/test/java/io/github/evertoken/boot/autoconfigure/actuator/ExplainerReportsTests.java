package io.github.evertoken.boot.autoconfigure.actuator;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.WebApplicationType;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExplainerReports} over real HTTP, on WebFlux and on servlets.
 */
class ExplainerReportsTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private ActuatorApplication start(WebApplicationType type, String... more) {
		return ActuatorApplication.start(type, TestClients.client(this.server, "inventory"), more);
	}

	private static HttpResponse<String> explain(ActuatorApplication application, String url, String more) {
		return application.get("/evertoken/explain?url=" + URLEncoder.encode(url, StandardCharsets.UTF_8) + more);
	}

	private static void send(ActuatorApplication application, String url) {
		application.context()
			.getBean(WebClient.Builder.class)
			.build()
			.delete()
			.uri(URI.create(url))
			.exchangeToMono((response) -> response.releaseBody())
			.block(TIMEOUT);
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	@DisplayName("OB-44: the endpoint explains a URL that a client covers, and sends nothing")
	void explainWhenAClientCoversTheUrlThenNamesItAndTheHeader(WebApplicationType type) {
		try (ActuatorApplication application = start(type)) {
			JsonNode explanation = ActuatorApplication
				.json(explain(application, this.server.resourceUri() + "/x?key=planted", "&subject=alice&method=PUT"));
			assertThat(explanation.at("/reason").asString()).isEqualTo("COVERED");
			assertThat(explanation.at("/method").asString()).isEqualTo("PUT");
			assertThat(explanation.at("/url").asString()).isEqualTo(this.server.resourceUri() + "/x");
			assertThat(explanation.at("/client").asString()).isEqualTo("inventory");
			assertThat(explanation.at("/subject").asString()).isEqualTo("alice");
			assertThat(explanation.at("/header").asString()).isEqualTo("Authorization");
			assertThat(explanation.at("/scheme").asString()).isEqualTo("Bearer");
			assertThat(explanation.at("/trusted").asBoolean()).isTrue();
			assertThat(explanation.toString()).doesNotContain("planted");
			assertThat(this.server).receivedNoTokenRequest();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	@DisplayName("OB-44: the endpoint explains a URL that no client covers")
	void explainWhenNoClientCoversTheUrlThenSaysWhyAndWhatToChange(WebApplicationType type) {
		try (ActuatorApplication application = start(type)) {
			String url = (this.server.resourceUri() + "/x").replace("127.0.0.1", "localhost");
			JsonNode explanation = ActuatorApplication.json(explain(application, url, ""));
			assertThat(explanation.at("/reason").asString()).isEqualTo("NO_CLIENT");
			assertThat(explanation.at("/method").asString()).isEqualTo("GET");
			assertThat(explanation.at("/client").asString("")).isEmpty();
			assertThat(explanation.at("/trusted").asBoolean()).isFalse();
			assertThat(explanation.at("/nearestClient").asString()).isEqualTo("inventory");
			assertThat(explanation.at("/nearestBaseUrl").asString()).isEqualTo(this.server.resourceUri());
			assertThat(explanation.at("/differences")).extracting(JsonNode::asString).containsExactly("HOST");
			assertThat(explanation.at("/message").asString()).contains("the host is localhost and not 127.0.0.1");
			assertThat(explanation.at("/advice").asString()).contains("evertoken.clients.inventory.origins");
		}
	}

	@Test
	@DisplayName("OB-43: the endpoint shows the last requests without a token")
	void explainWhenThereIsNoUrlThenShowsTheLastRequestsWithoutAToken() {
		try (ActuatorApplication application = start(WebApplicationType.REACTIVE,
				"evertoken.clients.inventory.base-url=" + this.server.resourceUri() + "/v1")) {
			assertThat(ActuatorApplication.json(application.get("/evertoken/explain")).at("/requests")).isEmpty();
			send(application, this.server.resourceUri() + "/v1/covered");
			send(application, this.server.resourceUri() + "/v10?key=planted");
			HttpResponse<String> answer = application.get("/evertoken/explain");
			assertThat(answer.statusCode()).isEqualTo(200);
			assertThat(answer.body()).doesNotContain("planted");
			assertThat(ActuatorApplication.json(answer).at("/requests")).singleElement().satisfies((request) -> {
				assertThat(request.at("/status").asInt()).isEqualTo(401);
				assertThat(request.at("/at/words").asString()).matches("now|.* ago");
				assertThat(request.at("/explanation/method").asString()).isEqualTo("DELETE");
				assertThat(request.at("/explanation/url").asString()).isEqualTo(this.server.resourceUri() + "/v10");
				assertThat(request.at("/explanation/differences/0").asString()).isEqualTo("PATH");
			});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/planted", "planted", "ftp://planted/x", "https://ho st/planted", "https:planted" })
	void explainWhenThereCanBeNoSuchRequestThenAnswers400WithoutRepeatingIt(String url) {
		try (ActuatorApplication application = start(WebApplicationType.SERVLET)) {
			HttpResponse<String> answer = explain(application, url, "");
			assertThat(answer.statusCode()).isEqualTo(400);
			assertThat(answer.body()).contains("url must be ").doesNotContain("planted");
			assertThat(explain(application, this.server.resourceUri(), "&subject=%20").statusCode()).isEqualTo(400);
		}
	}

	@Test
	void explainWhenAClientHasThatNameThenIsShownUnlessThereIsAUrl() {
		try (ActuatorApplication application = start(WebApplicationType.REACTIVE,
				TestClients.client(this.server, "explain", "base-url=" + this.server.resourceUri() + "/other"))) {
			assertThat(ActuatorApplication.json(application.get("/evertoken/explain")).at("/client").asString())
				.isEqualTo("explain");
			JsonNode explanation = ActuatorApplication
				.json(explain(application, this.server.resourceUri() + "/other", ""));
			assertThat(explanation.at("/reason").asString()).isEqualTo("COVERED");
		}
	}

}
