package io.github.evertoken.boot.autoconfigure.actuator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenSet;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Compares the examples of {@code docs/endpoint.md} and {@code docs/health.md} with real
 * answers. Whatever differs from one answer to the next, times and ports, is left out of
 * the comparison.
 */
class ActuatorPagesTests {

	private static final TokenKey SERVICE = TokenKey.of("inventory");

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	private static final Pattern EXAMPLE = Pattern.compile("(<!-- (\\w+) -->\n```json\n)(.*?)(```)", Pattern.DOTALL);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	@Test
	void examplesThenAreRealAnswers() throws IOException {
		this.server.disturb(Jwts.answer(Jwts.token()));
		Map<String, String> answers = new LinkedHashMap<>();
		try (ActuatorApplication application = ActuatorApplication.start(WebApplicationType.REACTIVE, TestClients
			.client(this.server, "inventory", "scope=inventory.read", "origins=http://inventory.internal"))) {
			application.token(SERVICE);
			application.put(ALICE, TokenSet.withAccessToken("opaque").refreshToken("planted").build());
			application.token(ALICE.withParameters(TokenParameters.builder().scope(List.of("inventory.read")).build()));
			fail();
			application.post("/evertoken/inventory", "{}");
			await().until(() -> application.get("/evertoken/inventory").body().contains("\"failure\""));
			answers.put("renewal", application.post("/evertoken/inventory", "{}").body());
			answers.put("overview", application.get("/evertoken").body());
			answers.put("client", application.get("/evertoken/inventory?subject=alice").body());
			answers.put("degraded", application.get("/health/evertoken/inventory").body());
			answers.put("unknown", application.get("/evertoken/inventroy").body());
			answers.put("removal", application.delete("/evertoken/inventory?subject=alice").body());
		}
		check(Path.of("../docs/endpoint.md"), answers);
		check(Path.of("../docs/health.md"), answers);
	}

	private void fail() {
		this.server.disturb(Fault.status(503).withHeader("Retry-After", "120"));
	}

	private static void check(Path page, Map<String, String> answers) throws IOException {
		String text = Files.readString(page);
		if (Boolean.getBoolean("docs.write")) {
			Files.writeString(page,
					EXAMPLE.matcher(text)
						.replaceAll((example) -> Matcher.quoteReplacement(
								example.group(1) + pretty(answers.get(example.group(2))) + "\n" + example.group(4))));
			return;
		}
		List<String> checked = EXAMPLE.matcher(text).results().map((example) -> {
			assertThat(comparable(example.group(3))).as("%s in %s; -Ddocs.write=true writes it", example.group(2), page)
				.isEqualTo(comparable(answers.get(example.group(2))));
			return example.group(2);
		}).toList();
		assertThat(checked).isNotEmpty();
	}

	private static String pretty(String json) {
		return JsonMapper.builder()
			.build()
			.writerWithDefaultPrettyPrinter()
			.writeValueAsString(JsonMapper.shared().readTree(json))
			.replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:9000");
	}

	private static String comparable(String json) {
		return pretty(json).replaceAll("\"20[0-9T:.-]+Z\"", "\"an instant\"")
			.replaceAll("\"(in [0-9a-z ]+|[0-9a-z ]+ ago|now)\"", "\"a time\"")
			.replaceAll("can be made (in [0-9a-z ]+|now)", "can be made then");
	}

}
