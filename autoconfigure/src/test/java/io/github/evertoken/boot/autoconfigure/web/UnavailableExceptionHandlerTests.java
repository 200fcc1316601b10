package io.github.evertoken.boot.autoconfigure.web;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TransientTokenException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;

import static io.github.evertoken.web.TokenAttributes.client;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnavailableAnswers}, in a web application that is asked over real
 * HTTP.
 */
class UnavailableExceptionHandlerTests {

	@Test
	void requestWhenTheIssuerAsksToBeLeftAloneThenTellsForHowLong() {
		run((url) -> {
			HttpResponse<String> response = get(url + "/busy");
			assertThat(response.statusCode()).isEqualTo(503);
			assertThat(response.headers().firstValue("Retry-After")).hasValue("8");
			assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
			assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
			JsonNode problem = JsonMapper.shared().readTree(response.body());
			assertThat(problem.get("type").asString()).isEqualTo("urn:evertoken:token-unavailable");
			assertThat(problem.get("title").asString()).isEqualTo("Token unavailable");
			assertThat(problem.get("status").asInt()).isEqualTo(503);
			assertThat(problem.get("client").asString()).isEqualTo("busy");
			assertThat(response.body()).doesNotContain("planted");
		}, "unavailable-response=problem");
	}

	@Test
	void requestWhenTheIssuerAsksForAgesThenTellsNoMoreThanIsBelieved() {
		run((url) -> assertThat(get(url + "/asleep").headers().firstValue("Retry-After")).hasValue("300"),
				"unavailable-response=problem");
	}

	@Test
	void requestWhenTheIssuerSaysNothingThenTellsTheLongestFirstCooldown() {
		run((url) -> {
			assertThat(get(url + "/down").statusCode()).isEqualTo(503);
			assertThat(get(url + "/down").headers().firstValue("Retry-After")).hasValue("3");
			assertThat(get(url + "/wrapped").headers().firstValue("Retry-After")).hasValue("3");
		}, "unavailable-response=problem");
	}

	@Test
	void requestWhenNothingIsAskedForOrItFailsForAnotherReasonThenFailsLikeAnyOther() {
		run((url) -> assertThat(get(url + "/down").statusCode()).isEqualTo(500), "unavailable-response=none");
		run((url) -> assertThat(get(url + "/refused").statusCode()).isEqualTo(500), "unavailable-response=problem");
	}

	private static void run(Consumer<String> scenario, String... properties) {
		List<String> own = new ArrayList<>(List.of("evertoken.clients.down.retry.initial-backoff=2001ms"));
		for (String client : List.of("busy", "asleep", "down", "refused")) {
			own.add("evertoken.clients." + client + ".base-url=http://127.0.0.1:1/" + client);
			own.add("evertoken.clients." + client + ".retry.patience=0s");
		}
		AnsweringApplication.run(Application.class, WebApplicationType.REACTIVE, scenario, own, properties);
	}

	private static HttpResponse<String> get(String url) {
		return AnsweringApplication.get(url, "*/*");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		TokenIssuer busy() {
			return failing(Duration.ofMillis(7001));
		}

		@Bean
		TokenIssuer asleep() {
			return failing(Duration.ofDays(1));
		}

		@Bean
		TokenIssuer down() {
			return failing(null);
		}

		private static TokenIssuer failing(Duration retryAfter) {
			return (request) -> Mono.error(new TransientTokenException(request.key(), "planted-reason", "planted",
					"planted-description", retryAfter, null));
		}

		@Bean
		TokenIssuer refused() {
			return (request) -> Mono
				.error(new TokenRefusedException(request.key(), "planted-reason", "invalid_client", null, null));
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

		@GetMapping("/{name}")
		Mono<String> call(@PathVariable("name") String name) {
			return name.equals("wrapped") ? of("down").onErrorMap((ex) -> new IllegalStateException(ex)) : of(name);
		}

		private Mono<String> of(String name) {
			return this.webClient.get()
				.uri("http://127.0.0.1:1/items")
				.attributes(client(name))
				.retrieve()
				.bodyToMono(String.class);
		}

	}

}
