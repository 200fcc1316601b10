package io.github.evertoken.boot.autoconfigure.web;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.Consumer;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.boot.autoconfigure.properties.ReauthenticationResponse;
import io.github.evertoken.boot.autoconfigure.properties.UnavailableResponse;
import io.github.evertoken.boot.autoconfigure.properties.WebProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.ServerWebExchange;

import static io.github.evertoken.web.TokenAttributes.client;
import static io.github.evertoken.web.TokenAttributes.subject;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReauthenticationAnswers}, in a web application that is asked over real
 * HTTP.
 */
class ReauthenticationExceptionHandlerTests {

	private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

	@Test
	void requestWhenProblemIsAskedForThenTellsTheClientAndNobodysName() {
		run((url) -> {
			HttpResponse<String> response = get(url + "/items", BROWSER);
			assertThat(response.statusCode()).isEqualTo(401);
			assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
			assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
			assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow())
				.startsWith("Bearer error=\"insufficient_user_authentication\"");
			JsonNode problem = JsonMapper.shared().readTree(response.body());
			assertThat(problem.get("type").asString()).isEqualTo("urn:evertoken:reauthentication-required");
			assertThat(problem.get("title").asString()).isEqualTo("Reauthentication required");
			assertThat(problem.get("status").asInt()).isEqualTo(401);
			assertThat(problem.get("detail").asString()).startsWith("Log in again");
			assertThat(problem.get("client").asString()).isEqualTo("in\"ven\\tory");
			assertThat(problem.size()).isEqualTo(5);
			assertThat(response.body()).doesNotContain("alice", "planted");
		}, "reauthentication-response=problem");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/wrapped", "/items" })
	void requestWhenRedirectIsAskedForThenABrowserIsSentToTheLogin(String path) {
		run((url) -> {
			HttpResponse<String> response = get(url + path + "?next=https://evil.example", BROWSER);
			assertThat(response.statusCode()).isEqualTo(303);
			assertThat(response.headers().firstValue("Location")).hasValue("/app/login");
			assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
			assertThat(response.body()).isEmpty();
			assertThat(get(url + path, "application/json").statusCode()).isEqualTo(401);
			assertThat(get(url + path, "*/*").statusCode()).isEqualTo(401);
		}, "reauthentication-response=redirect", "login-path=/login");
	}

	@Test
	void requestWhenLoginIsElsewhereThenABrowserIsSentThere() {
		run((url) -> assertThat(get(url + "/items", "text/html").headers().firstValue("Location"))
			.hasValue("https://login.internal/?app=orders"), "reauthentication-response=redirect",
				"login-path=https://login.internal/?app=orders");
	}

	@ParameterizedTest
	@ValueSource(strings = { "reauthentication-response=none", "login-path=/login" })
	void requestWhenNothingIsAskedForThenFailsLikeAnyOther(String property) {
		run((url) -> assertThat(get(url + "/items", "application/json").statusCode()).isEqualTo(500), property);
	}

	/**
	 * Whoever logs in does not sign the service in.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "problem", "redirect" })
	void requestWhenTheServiceItselfIsSignedOutThenFailsLikeAnyOther(String response) {
		run((url) -> {
			assertThat(get(url + "/own", BROWSER).statusCode()).isEqualTo(500);
			assertThat(get(url + "/own", "application/json").statusCode()).isEqualTo(500);
		}, "reauthentication-response=" + response, "login-path=/login");
	}

	@Test
	void requestWhenItFailsForAnotherReasonThenFailsLikeAnyOther() {
		run((url) -> {
			assertThat(get(url + "/other", "text/html").statusCode()).isEqualTo(500);
			assertThat(get(url + "/none", "text/html").statusCode()).isEqualTo(404);
		}, "reauthentication-response=problem");
	}

	@Test
	void handleWhenCausesGoInACircleThenPassesTheFailureOn() {
		RuntimeException first = new RuntimeException("first");
		first.initCause(new RuntimeException("second", first));
		WebProperties web = new WebProperties(ReauthenticationResponse.PROBLEM, UnavailableResponse.NONE, null);
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
		Mono<Void> handled = new ErrorAnsweringHandler(new ReauthenticationAnswers(web)).handle(exchange, first);
		assertThat(handled.materialize().block().getThrowable()).isSameAs(first);
	}

	@Test
	void requestWhenResponseIsCommittedThenIsLeftAlone() {
		run((url) -> {
			HttpResponse<String> response = get(url + "/committed", "text/html");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).isEqualTo("begun");
		}, "reauthentication-response=problem");
	}

	private static void run(Consumer<String> scenario, String... properties) {
		AnsweringApplication.run(Application.class, WebApplicationType.REACTIVE, (url) -> scenario.accept(url + "/app"),
				List.of("spring.webflux.base-path=/app",
						"evertoken.clients.[in\"ven\\tory].base-url=http://127.0.0.1:1"),
				properties);
	}

	private static HttpResponse<String> get(String url, String accept) {
		return AnsweringApplication.get(url, accept);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean("in\"ven\\tory")
		TokenIssuer issuer() {
			return (request) -> Mono.error(new ReauthenticationRequiredException(request.key(), "planted-reason",
					"invalid_grant", "planted-description", null));
		}

		@Bean
		Orders orders(WebClient.Builder builder) {
			return new Orders(builder.build());
		}

	}

	@RestController
	@RequestMapping
	static class Orders {

		private final WebClient webClient;

		Orders(WebClient webClient) {
			this.webClient = webClient;
		}

		@GetMapping("/items")
		Mono<String> items() {
			return this.webClient.get()
				.uri("http://127.0.0.1:1/items")
				.attributes(client("in\"ven\\tory"))
				.attributes(subject("alice"))
				.retrieve()
				.bodyToMono(String.class);
		}

		@GetMapping("/own")
		Mono<String> own() {
			return this.webClient.get()
				.uri("http://127.0.0.1:1/items")
				.attributes(client("in\"ven\\tory"))
				.retrieve()
				.bodyToMono(String.class);
		}

		@GetMapping("/wrapped")
		Mono<String> wrapped() {
			return items().onErrorMap((ex) -> new IllegalStateException(new RuntimeException(ex)));
		}

		@GetMapping("/other")
		Mono<String> other() {
			return Mono.error(new IllegalStateException("other"));
		}

		@GetMapping("/committed")
		Mono<Void> committed(ServerWebExchange exchange) {
			exchange.getResponse().getHeaders().setContentLength(5);
			return exchange.getResponse()
				.writeWith(Mono.just(DefaultDataBufferFactory.sharedInstance.wrap("begun".getBytes())))
				.then(Mono.error(new ReauthenticationRequiredException(TokenKey.of("inventory", "alice"), "late", null,
						null, null)));
		}

	}

}
