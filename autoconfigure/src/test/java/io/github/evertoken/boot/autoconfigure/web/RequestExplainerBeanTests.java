package io.github.evertoken.boot.autoconfigure.web;

import java.net.URI;
import java.time.Duration;

import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.OwnTroubles;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.web.Explanation;
import io.github.evertoken.web.Explanation.Reason;
import io.github.evertoken.web.RequestExplainer;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the {@link RequestExplainer} of an application, with its {@code WebClient}
 * over real HTTP.
 */
@ExtendWith(OutputCaptureExtension.class)
class RequestExplainerBeanTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class, CodecsAutoConfiguration.class,
				WebClientAutoConfiguration.class))
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=100ms");

	private static int status(ApplicationContext context, String url) {
		return context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(URI.create(url))
			.exchangeToMono((response) -> response.releaseBody().thenReturn(response.statusCode().value()))
			.block(TIMEOUT);
	}

	@Test
	@DisplayName("OB-42, OB-43: a near miss that is answered 401 is warned of and kept")
	void requestWhenItGoesToAnotherPathThenIsWarnedOfAndKept(CapturedOutput output) {
		this.contextRunner
			.withPropertyValues(
					TestClients.client(this.server, "inventory", "base-url=" + this.server.resourceUri() + "/v1"))
			.run((context) -> {
				assertThat(status(context, this.server.resourceUri() + "/v10/items?key=planted")).isEqualTo(401);
				RequestExplainer explainer = context.getBean(RequestExplainer.class);
				assertThat(explainer.requestsWithoutToken()).singleElement().satisfies((request) -> {
					assertThat(request.status()).isEqualTo(401);
					assertThat(request.explanation().url()).isEqualTo(this.server.resourceUri() + "/v10/items");
					assertThat(request.explanation().nearestClient()).isEqualTo("inventory");
				});
				assertThat(OwnTroubles.in(output)).singleElement()
					.asString()
					.contains("the path is not below /api/v1")
					.contains("evertoken.clients.inventory.base-url");
			});
		assertThat(output).doesNotContain("planted");
	}

	@Test
	@DisplayName("OB-44: a request is explained without being sent")
	void explainThenSaysWhichClientAndWhichSchemeWithoutAToken() {
		this.contextRunner
			.withPropertyValues(
					TestClients.client(this.server, "inventory", "token-type=token", "subjects.resolve=false"))
			.withPropertyValues("evertoken.clients.bound.base-url=https://bound.internal",
					"evertoken.clients.bound.token-uri=" + this.server.tokenUri(),
					"evertoken.clients.bound.client-id=orders", "evertoken.clients.bound.client-secret=planted-secret",
					"evertoken.clients.bound.dpop.enabled=true")
			.run((context) -> {
				RequestExplainer explainer = context.getBean(RequestExplainer.class);
				Explanation inventory = explainer.explain(HttpMethod.GET, URI.create(this.server.resourceUri() + "/x"),
						null);
				assertThat(inventory.client()).isEqualTo("inventory");
				assertThat(inventory.header()).isEqualTo("Authorization");
				assertThat(inventory.scheme()).isEqualTo("token");
				Explanation bound = explainer.explain(HttpMethod.GET, URI.create("https://bound.internal/x"), "alice");
				assertThat(bound.scheme()).isEqualTo("DPoP");
				assertThat(bound.subject()).isEqualTo("alice");
				Explanation none = explainer.explain(HttpMethod.GET, URI.create("http://bound.internal/x"), null);
				assertThat(none.reason()).isEqualTo(Reason.NO_CLIENT);
				assertThat(none.nearestClient()).isEqualTo("bound");
				assertThat(this.server).receivedNoTokenRequest();
				assertThat(explainer.requestsWithoutToken()).isEmpty();
			});
	}

	@Test
	@DisplayName("OB-45: a request with its token is not kept")
	void requestWhenItCarriesItsTokenThenIsNotKept(CapturedOutput output) {
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory")).run((context) -> {
			assertThat(TestClients.resource(this.server, context)).isEqualTo("get with access token 1");
			assertThat(context.getBean(RequestExplainer.class).requestsWithoutToken()).isEmpty();
			assertThat(OwnTroubles.in(output)).isEmpty();
		});
	}

	@Test
	void explainerThenIsThatOfTheApplicationsFilter() {
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory"))
			.run((context) -> assertThat(context.getBean(RequestExplainer.class))
				.isSameAs(context.getBean(TokenExchangeFilterFunction.class).explainer()));
	}

}
