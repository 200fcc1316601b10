package io.github.evertoken.boot.autoconfigure.web;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TransientTokenException;
import jakarta.servlet.http.HttpServletResponse;
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
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static io.github.evertoken.web.TokenAttributes.client;
import static io.github.evertoken.web.TokenAttributes.subject;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ErrorAnsweringResolver}, in a web application on servlets that is
 * asked over real HTTP.
 */
class ServletErrorAnswersTests {

	private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

	@ParameterizedTest
	@ValueSource(strings = { "/items", "/reactive", "/wrapped", "/written" })
	void requestWhenSomebodyMustLogInAgainThenIsToldWithTheClientAndNobodysName(String path) {
		run((url) -> {
			HttpResponse<String> response = get(url + path, BROWSER);
			assertThat(response.statusCode()).isEqualTo(401);
			assertThat(response.headers().firstValue("Content-Type").orElseThrow())
				.startsWith("application/problem+json");
			assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
			assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue(ReauthenticationAnswers.CHALLENGE);
			JsonNode problem = JsonMapper.shared().readTree(response.body());
			assertThat(problem.get("type").asString()).isEqualTo("urn:evertoken:reauthentication-required");
			assertThat(problem.get("status").asInt()).isEqualTo(401);
			assertThat(problem.get("client").asString()).isEqualTo("inventory");
			assertThat(problem.size()).isEqualTo(5);
			assertThat(response.body()).doesNotContain("alice", "planted");
		}, "reauthentication-response=problem");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/items", "/reactive", "/wrapped" })
	void requestWhenRedirectIsAskedForThenABrowserIsSentToTheLogin(String path) {
		run((url) -> {
			HttpResponse<String> response = get(url + path + "?next=https://evil.example", BROWSER);
			assertThat(response.statusCode()).isEqualTo(303);
			assertThat(response.headers().firstValue("Location")).hasValue("/app/login");
			assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
			assertThat(response.body()).isEmpty();
			assertThat(get(url + path, "application/json").statusCode()).isEqualTo(401);
			assertThat(get(url + path, "*/*").statusCode()).isEqualTo(401);
			assertThat(get(url + path, "no type").statusCode()).isNotEqualTo(303);
		}, "reauthentication-response=redirect", "login-path=/login");
	}

	@Test
	void requestWhenNoTokenCanBeHadForTheMomentThenIsToldForHowLong() {
		run((url) -> {
			HttpResponse<String> response = get(url + "/busy", "application/json");
			assertThat(response.statusCode()).isEqualTo(503);
			assertThat(response.headers().firstValue("Retry-After")).hasValue("8");
			assertThat(JsonMapper.shared().readTree(response.body()).get("type").asString())
				.isEqualTo("urn:evertoken:token-unavailable");
			assertThat(response.body()).doesNotContain("planted");
		}, "unavailable-response=problem");
	}

	@Test
	void requestWhenNothingIsAskedForThenFailsLikeAnyOther() {
		run((url) -> {
			assertThat(get(url + "/items", "application/json").statusCode()).isEqualTo(500);
			assertThat(get(url + "/busy", "application/json").statusCode()).isEqualTo(500);
		});
	}

	@Test
	void requestWhenItIsAnotherFailureThenIsLeftAlone() {
		run((url) -> {
			assertThat(get(url + "/own", "application/json").statusCode()).isEqualTo(500);
			assertThat(get(url + "/other", "application/json").statusCode()).isEqualTo(500);
			assertThat(get(url + "/none", "application/json").statusCode()).isEqualTo(404);
			HttpResponse<String> begun = get(url + "/committed", "text/html");
			assertThat(begun.statusCode()).isEqualTo(200);
			assertThat(begun.body()).startsWith("begun").doesNotContain("urn:evertoken");
		}, "reauthentication-response=problem", "unavailable-response=problem");
	}

	@Test
	void requestWhenTheApplicationAnswersItselfThenThatIsTheAnswer() {
		run((url) -> {
			HttpResponse<String> response = get(url + "/handled/items", "application/json");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).isEqualTo("handled: inventory");
		}, "reauthentication-response=problem");
	}

	private static void run(Consumer<String> scenario, String... properties) {
		AnsweringApplication.run(Application.class, WebApplicationType.SERVLET, (url) -> scenario.accept(url + "/app"),
				List.of("server.servlet.context-path=/app",
						"evertoken.clients.inventory.base-url=http://127.0.0.1:1/items",
						"evertoken.clients.busy.base-url=http://127.0.0.1:1/busy"),
				properties);
	}

	private static HttpResponse<String> get(String url, String accept) {
		return AnsweringApplication.get(url, accept);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		TokenIssuer inventory() {
			return (request) -> Mono.error(new ReauthenticationRequiredException(request.key(), "planted-reason",
					"invalid_grant", "planted-description", null));
		}

		@Bean
		TokenIssuer busy() {
			return (request) -> Mono.error(new TransientTokenException(request.key(), "planted-reason", "planted",
					"planted-description", Duration.ofMillis(7001), null));
		}

		@Bean
		Orders orders(RestClient.Builder restClient, WebClient.Builder webClient) {
			return new Orders(restClient.build(), webClient.build());
		}

		@Bean
		HandledOrders handledOrders(Orders orders) {
			return new HandledOrders(orders);
		}

	}

	@RestController
	@RequestMapping
	static class Orders {

		private final RestClient restClient;

		private final WebClient webClient;

		Orders(RestClient restClient, WebClient webClient) {
			this.restClient = restClient;
			this.webClient = webClient;
		}

		@GetMapping("/items")
		String items() {
			return this.restClient.get()
				.uri("http://127.0.0.1:1/items/1")
				.attributes(subject("alice"))
				.retrieve()
				.body(String.class);
		}

		@GetMapping("/reactive")
		Mono<String> reactive() {
			return this.webClient.get()
				.uri("http://127.0.0.1:1/items/1")
				.attributes(subject("alice"))
				.retrieve()
				.bodyToMono(String.class);
		}

		@GetMapping("/wrapped")
		String wrapped() {
			try {
				return items();
			}
			catch (RuntimeException ex) {
				throw new IllegalStateException(new RuntimeException(ex));
			}
		}

		@GetMapping("/written")
		void written(PrintWriter writer) {
			writer.print("begun");
			writer.print(items());
		}

		@GetMapping("/own")
		String own() {
			return this.restClient.get()
				.uri("http://127.0.0.1:1/else")
				.attributes(client("inventory"))
				.retrieve()
				.body(String.class);
		}

		@GetMapping("/busy")
		String busy() {
			return this.restClient.get().uri("http://127.0.0.1:1/busy").retrieve().body(String.class);
		}

		@GetMapping("/other")
		String other() {
			throw new IllegalStateException("other");
		}

		@GetMapping("/committed")
		void committed(HttpServletResponse response) throws IOException {
			response.setContentLength(5);
			response.getOutputStream().print("begun");
			response.flushBuffer();
			throw new ReauthenticationRequiredException(TokenKey.of("inventory", "alice"), "late", null, null, null);
		}

	}

	@RestController
	@RequestMapping("/handled")
	static class HandledOrders {

		private final Orders orders;

		HandledOrders(Orders orders) {
			this.orders = orders;
		}

		@GetMapping("/items")
		String items() {
			return this.orders.items();
		}

		@ExceptionHandler
		String handle(ReauthenticationRequiredException ex) {
			return "handled: " + ex.client();
		}

	}

}
