package io.github.evertoken.dashboard;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Secrets are planted wherever the page could come by them, and looked for in all that it
 * is sent.
 */
class PageSecretsTests {

	private static final String ENDPOINT = "/actuator/evertoken";

	private static final String REFRESH_TOKEN = "planted-refresh-token-4711";

	private static final String SUBJECT = "planted-subject-4711";

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void pageWhenSecretsArePlantedThenHasNoneInItsFilesAndEvents(WebApplicationType type) throws Exception {
		try (Issuer issuer = new Issuer(300);
				ConfigurableApplicationContext context = TestApplication.start(type, issuer)) {
			TokenManager manager = context.getBean(TokenManager.class);
			Http http = Http.of(context);
			AccessToken first = manager.token(TokenKey.of("inventory")).block();
			TokenKey user = TokenKey.of("inventory", SUBJECT);
			manager
				.put(user,
						TokenSet.withAccessToken(first.value() + "x")
							.expiresIn(Duration.ofMinutes(5))
							.refreshToken(REFRESH_TOKEN)
							.build())
				.block();
			issuer.revoke();
			issuer.betray(first);
			call(context, issuer);
			AccessToken second = manager.token(TokenKey.of("inventory")).block();
			issuer.down(true);
			manager.reject(TokenKey.of("inventory"), second);
			manager.token(TokenKey.of("inventory")).onErrorComplete().block();
			manager.remove(user).block();
			List<String> secrets = List.of(first.value(), second.value(), signature(first), Issuer.SECRET,
					REFRESH_TOKEN, SUBJECT);
			await().atMost(Duration.ofMinutes(1))
				.untilAsserted(() -> assertThat(http.get(ENDPOINT + "/events?since=").body()).contains("\"rejected\"",
						"\"reissued\"", "\"suspect-served\"", "\"removed\"", "\"rejections\"", "\"resends\""));
			assertThat(http.get(ENDPOINT + "/events?since=").body()).doesNotContain(secrets);
			assertThat(http.get(ENDPOINT).body()).doesNotContain(secrets);
			assertThat(http.get(ENDPOINT + "/inventory").body()).contains("planted").doesNotContain(secrets);
			assertThat(streamed(http, context)).contains("\"rejected\"").doesNotContain(secrets);
			try (Stream<Path> files = Files
				.list(Path.of(Page.class.getResource(Page.DIRECTORY + "index.html").toURI()).getParent())) {
				for (Path file : files.toList()) {
					assertThat(http.get(ENDPOINT + "/ui/" + file.getFileName()).body()).isNotEmpty()
						.doesNotContain(secrets);
				}
			}
		}
	}

	private static void call(ConfigurableApplicationContext context, Issuer issuer) {
		context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(issuer.url() + "/items")
			.retrieve()
			.bodyToMono(String.class)
			.block();
	}

	private static String signature(AccessToken token) {
		return token.value().substring(token.value().lastIndexOf('.') + 1);
	}

	private static String streamed(Http http, ConfigurableApplicationContext context) throws Exception {
		StringBuilder all = new StringBuilder();
		try (Http.Stream stream = http.stream(ENDPOINT + "/events")) {
			stream.until("event: hello");
			context.getBean(EventRing.class).add(DashboardEvent.of("last", Instant.EPOCH, "inventory"));
			String line = "";
			while (!line.contains("\"type\":\"last\"")) {
				line = stream.until("");
				all.append(line).append('\n');
			}
		}
		return all.toString();
	}

}
