package io.github.evertoken.boot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests that what {@code docs/providers.md} says about a provider fits what it answers:
 * the first block of its section is bound as it stands there.
 */
class ProviderShapesTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server().withPublicResource();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, WebClientAutoConfiguration.class));

	@ParameterizedTest
	@MethodSource
	void tokenWhenProviderAnswersThenIsSent(String provider, String body, String header, String asked) {
		this.server.disturb(json(200, body));
		this.contextRunner.withPropertyValues(page(provider)).run((context) -> {
			TestClients.resource(this.server, context);
			assertThat(TestClients.authorization(this.server)).isEqualTo(header);
			assertThat(this.server.requests(Endpoint.TOKEN).get(0).body()).contains(asked);
		});
	}

	static Stream<Arguments> tokenWhenProviderAnswersThenIsSent() {
		return Stream.of(arguments("GitHub", """
				{"access_token":"ghu_16C7e42F292c6912E7710c838347Ae178B4a","expires_in":28800,
				"refresh_token":"ghr_1B4a2e","refresh_token_expires_in":15811200,"scope":"","token_type":"bearer"}
				""", "Bearer ghu_16C7e42F292c6912E7710c838347Ae178B4a", "refresh_token=planted"), arguments("Slack", """
				{"ok":true,"access_token":"xoxe.xoxb-1-MQ","expires_in":43200,"refresh_token":"xoxe-1-MY",
				"token_type":"bot","scope":"chat:write","bot_user_id":"U0","app_id":"A0",
				"team":{"name":"Z\u00fcge","id":"T9"},"enterprise":null,"authed_user":{"id":"U1"}}
				""", "Bearer xoxe.xoxb-1-MQ", "refresh_token=planted"), arguments("Salesforce", """
				{"access_token":"00DB0000000TfcR!AQQAQFhoK8vTMg_rKA.esrJ2bCs","scope":"api",
				"instance_url":"https://shop.my.salesforce.com","id":"https://login.salesforce.com/id/00D/005",
				"token_type":"Bearer"}
				""", "Bearer 00DB0000000TfcR!AQQAQFhoK8vTMg_rKA.esrJ2bCs", "assertion="), arguments("eBay", """
				{"access_token":"v^1.1#i^1#p^3#r^1#I^3#f^0#t^H4s","expires_in":7200,
				"token_type":"Application Access Token"}
				""", "Bearer v^1.1#i^1#p^3#r^1#I^3#f^0#t^H4s", "grant_type=client_credentials"),
				arguments("Supabase", """
						{"access_token":"a.b.c","token_type":"bearer","expires_in":3600,"expires_at":1800000000,
						"refresh_token":"vKk","user":{"id":"1","aud":"authenticated"}}
						""", "Bearer a.b.c", "\"refresh_token\":\"planted\""));
	}

	@ParameterizedTest
	@MethodSource
	void tokenWhenProviderRefusesThenIsOfTheKindThatHelps(String provider, int status, String body,
			Class<? extends TokenException> kind, String error) {
		this.server.disturb(json(status, body));
		this.contextRunner.withPropertyValues(page(provider))
			.withPropertyValues("evertoken.clients.shop.retry.patience=0s")
			.run((context) -> {
				TokenException ex = catchThrowableOfType(TokenException.class,
						() -> context.getBean(TokenManager.class)
							.token(TokenKey.of("shop"))
							.map(AccessToken::value)
							.block(TIMEOUT));
				assertThat(ex).isInstanceOf(kind);
				assertThat(ex.error()).isEqualTo(error);
			});
	}

	static Stream<Arguments> tokenWhenProviderRefusesThenIsOfTheKindThatHelps() {
		return Stream.of(arguments("GitHub", 200, """
				{"error":"bad_refresh_token","error_description":"The refresh token passed is incorrect or expired.",
				"error_uri":"https://docs.github.com"}
				""", ReauthenticationRequiredException.class, "bad_refresh_token"), arguments("GitHub", 200, """
				{"error":"incorrect_client_credentials","error_description":"The client_id passed is incorrect."}
				""", TokenRefusedException.class, "incorrect_client_credentials"),
				arguments("Slack", 200, "{\"ok\":false,\"error\":\"invalid_refresh_token\"}",
						ReauthenticationRequiredException.class, "invalid_refresh_token"),
				arguments("Slack", 200, "{\"ok\":false,\"error\":\"bad_client_secret\"}", TokenRefusedException.class,
						"bad_client_secret"),
				arguments("Slack", 200, "{\"ok\":false,\"error\":\"internal_error\"}", TransientTokenException.class,
						"internal_error"),
				arguments("Salesforce", 400,
						"{\"error\":\"invalid_grant\",\"error_description\":\"login rate exceeded\"}",
						TokenRefusedException.class, "invalid_grant"),
				arguments("eBay", 401,
						"{\"error\":\"invalid_client\",\"error_description\":\"client authentication failed\"}",
						TokenRefusedException.class, "invalid_client"),
				arguments("Supabase", 400,
						"{\"code\":400,\"error_code\":\"refresh_token_not_found\",\"msg\":\"Invalid Refresh Token\"}",
						ReauthenticationRequiredException.class, "refresh_token_not_found"),
				arguments("Supabase", 429,
						"{\"code\":429,\"error_code\":\"over_request_rate_limit\",\"msg\":\"Rate limit reached\"}",
						TransientTokenException.class, "over_request_rate_limit"));
	}

	private static Fault json(int status, String json) {
		return Fault.answer(status, "application/json;charset=utf-8", json);
	}

	/**
	 * The first block of a provider's section, with this server in its place.
	 */
	private String[] page(String provider) {
		List<String> properties = new ArrayList<>();
		for (PropertySource<?> source : yaml(provider)) {
			for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
				properties.add(name + "=" + source.getProperty(name));
			}
		}
		String query = properties.stream().anyMatch((property) -> property.contains("?grant_type=")) ? "?grant_type=x"
				: "";
		List<String> own = List.of("token-uri=" + this.server.tokenUri() + query,
				"base-url=" + this.server.resourceUri(), "response-timeout=30s", "max-wait=30s");
		own.forEach((property) -> properties.add("evertoken.clients.shop." + property));
		if (properties.stream().anyMatch((property) -> property.contains("assertion.key-location"))) {
			properties.add("evertoken.clients.shop.assertion.key-location=classpath:keys/rsa.pem");
		}
		return properties.toArray(String[]::new);
	}

	private static List<PropertySource<?>> yaml(String provider) {
		try {
			String page = Files.readString(Path.of("..", "docs", "providers.md"), StandardCharsets.UTF_8);
			String section = page.split("\n## " + provider + "\n")[1];
			String block = section.split("```yaml\n")[1].split("```")[0];
			String filled = block.replaceAll("\\$\\{[^}]*}", "planted").replaceAll("<[^>\n]*>", "filled");
			byte[] yaml = ("evertoken:\n  clients:\n    shop:\n" + filled).getBytes(StandardCharsets.UTF_8);
			return new YamlPropertySourceLoader().load("page", new ByteArrayResource(yaml));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
