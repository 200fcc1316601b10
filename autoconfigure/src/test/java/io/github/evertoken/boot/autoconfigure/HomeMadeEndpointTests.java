package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for token endpoints that do it otherwise than RFC 6749 has it.
 */
class HomeMadeEndpointTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server().withPublicResource();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, WebClientAutoConfiguration.class));

	@Test
	void tokenWhenEndpointSpeaksJsonWithOtherNamesThenIsObtainedSentAndRefreshed() {
		Instant expiry = Instant.now().plus(Duration.ofMinutes(30));
		String answer = """
				{"data": {"token": {"value": "a%d", "kind": "ApiKey"}, "refreshToken": "r1"}, "expiresAt": "%d"}
				""";
		this.server.disturb(TestClients.json(200, answer.formatted(2, expiry.toEpochMilli())));
		this.server.disturb(TestClients.json(200, answer.formatted(1, expiry.toEpochMilli())).times(1));
		this.contextRunner
			.withPropertyValues(TestClients.client(this.server, "inventory", "token-type=Token",
					"token-request.format=json", "client-authentication-method=client_secret_post",
					"token-response.access-token=data.token.value", "token-response.refresh-token=data.refreshToken",
					"token-response.expires-in=expiresAt", "token-response.expires-in-format=epoch-millis"))
			.run((context) -> {
				assertThat(sent(context)).isEqualTo("Token a1");
				assertThat(body(0)).containsOnly(entry("grant_type", "client_credentials"),
						entry("client_id", "orders"), entry("client_secret", "planted-secret"));
				AccessToken token = token(context);
				assertThat(token.expiresAt()).isCloseTo(expiry, within(Duration.ofMinutes(5)));
				context.getBean(TokenManager.class).reject(TokenKey.of("inventory"), token);
				assertThat(sent(context)).isEqualTo("Token a2");
				assertThat(body(1)).containsEntry("grant_type", "refresh_token").containsEntry("refresh_token", "r1");
			});
	}

	@Test
	void tokenWhenItComesInAHeaderThenIsObtainedAndSent() {
		this.server.disturb(Fault.status(200).withHeader("X-Auth-Token", "Bearer a1"));
		this.contextRunner
			.withPropertyValues(
					TestClients.client(this.server, "inventory", "token-response.access-token-header=X-Auth-Token"))
			.run((context) -> assertThat(sent(context)).isEqualTo("Bearer a1"));
	}

	@Test
	@DisplayName("FP-6: what is not where it should be is told by its name")
	void tokenWhenMemberIsMissingThenFailureNamesIt() {
		this.server.disturb(TestClients.json(200, "{\"token\":\"planted\"}"));
		this.contextRunner
			.withPropertyValues(TestClients.client(this.server, "inventory", "token-response.access-token=data.token"))
			.run((context) -> {
				TokenException ex = catchThrowableOfType(TokenException.class, () -> token(context));
				assertThat(ex.reason()).contains("a token response that cannot be used: It has no data.token; "
						+ "token-response.access-token tells which of its members is the access token: token");
				assertThat(ex).hasMessageNotContaining("planted");
			});
	}

	@ParameterizedTest
	@CsvSource({ "bad_refresh_token,ReauthenticationRequiredException",
			"incorrect_client_credentials,TokenRefusedException", "slow_down_please,TransientTokenException",
			"unheard_of,TransientTokenException" })
	@DisplayName("FP-1: what the error codes of an endpoint of its own mean is told by properties")
	void tokenWhenErrorIsInOtherWordsThenPropertiesTellThem(String code, String exception) {
		this.server.disturb(TestClients.json(200, "{\"ok\":false,\"errors\":[{\"name\":\"" + code + "\"}]}"));
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory", "grant-type=refresh_token",
				"refresh-token=planted-r1", "retry.patience=0s", "token-response.error=errors[0].name",
				"token-response.errors.bad_refresh_token=reauthentication",
				"token-response.errors.incorrect_client_credentials=refused",
				"token-response.errors.slow_down_please=transient"))
			.run((context) -> {
				TokenException ex = catchThrowableOfType(TokenException.class, () -> token(context));
				assertThat(ex.getClass().getSimpleName()).isEqualTo(exception);
				assertThat(ex.error()).isEqualTo(code);
			});
	}

	@Test
	void tokenWhenItsTypeHasAnotherNameThenIsSentAsTheConfiguredOne() {
		this.server
			.disturb(TestClients.json(200, "{\"access_token\":\"a1\",\"token_type\":\"Application Access Token\"}"));
		this.contextRunner
			.withPropertyValues(TestClients.client(this.server, "inventory",
					"token-response.token-types=JWT,application access token"))
			.run((context) -> assertThat(sent(context)).isEqualTo("Bearer a1"));
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory")).run((context) -> {
			TokenException ex = catchThrowableOfType(TokenException.class, () -> token(context));
			assertThat(ex).isInstanceOf(TokenRefusedException.class)
				.hasMessageContaining("'Application Access Token'")
				.hasMessageContaining("token-response.token-types");
		});
	}

	/**
	 * Call, and return the Authorization header that has come.
	 */
	private String sent(ApplicationContext context) {
		TestClients.resource(this.server, context);
		return TestClients.authorization(this.server);
	}

	private static AccessToken token(ApplicationContext context) {
		return context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block(TIMEOUT);
	}

	@SuppressWarnings("unchecked")
	private Map<String, Object> body(int index) {
		return JsonMapper.shared().readValue(this.server.requests(Endpoint.TOKEN).get(index).body(), Map.class);
	}

}
