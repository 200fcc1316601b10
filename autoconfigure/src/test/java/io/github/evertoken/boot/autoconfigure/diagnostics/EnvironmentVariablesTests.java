package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.OwnTroubles;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link EnvironmentVariables}: a variable belongs to the client that is
 * written elsewhere, whatever form its name has there.
 */
@ExtendWith(OutputCaptureExtension.class)
class EnvironmentVariablesTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource({ "stock-service,EVERTOKEN_CLIENTS_STOCKSERVICE_CLIENTSECRET",
			"stock-service,EVERTOKEN_CLIENTS_STOCK_SERVICE_CLIENT_SECRET",
			"stock-service,evertoken_clients_stockservice_clientsecret",
			"stockService,EVERTOKEN_CLIENTS_STOCKSERVICE_CLIENTSECRET",
			"stockService,EVERTOKEN_CLIENTS_STOCKSERVICE_CLIENT_SECRET",
			"stock_service,EVERTOKEN_CLIENTS_STOCKSERVICE_CLIENTSECRET",
			"stock_service,EVERTOKEN_CLIENTS_STOCK_SERVICE_CLIENT_SECRET",
			"StockService,EVERTOKEN_CLIENTS_STOCKSERVICE_CLIENTSECRET",
			"inventory,EVERTOKEN_CLIENTS_INVENTORY_CLIENTSECRET",
			"inventory,EVERTOKEN_CLIENTS_INVENTORY_CLIENT_SECRET" })
	void secretWhenItIsAVariableThenIsOfTheClient(String name, String variable, CapturedOutput output) {
		Map<String, ClientProperties> clients = clients(name, Map.of(variable, "from-the-environment"));
		assertThat(clients).containsOnlyKeys(name);
		assertThat(clients.get(name).clientSecret()).isEqualTo("from-the-environment");
		assertThat(clients.get(name).clientId()).isEqualTo("orders");
		assertThat(OwnTroubles.in(output)).isEmpty();
	}

	@Test
	void propertiesWhenTheyAreVariablesThenAreOfTheClient(CapturedOutput output) {
		Map<String, Object> variables = new LinkedHashMap<>();
		variables.put("EVERTOKEN_CLIENTS_STOCKSERVICE_CLIENTSECRET", "secret");
		variables.put("EVERTOKEN_CLIENTS_STOCKSERVICE_ORIGINS_0", "https://a");
		variables.put("EVERTOKEN_CLIENTS_STOCKSERVICE_ORIGINS_1", "https://b");
		variables.put("EVERTOKEN_CLIENTS_STOCKSERVICE_SCOPE", "read,write");
		variables.put("EVERTOKEN_CLIENTS_STOCKSERVICE_RETRY_MAXBACKOFF", "40s");
		variables.put("EVERTOKEN_CLIENTS_STOCK_SERVICE_RESPONSE_TIMEOUT", "6s");
		variables.put("EVERTOKEN_CLIENTS_STOCK_SERVICE_AUDIENCE_0", "stock");
		variables.put("EVERTOKEN_CLIENTS_STOCK_SERVICE_TOKEN_RESPONSE_EXPIRES_IN_FORMAT", "millis");
		variables.put("EVERTOKEN_CLIENTS_STOCKSERVICE_DPOP_ENABLED", "true");
		variables.put("EVERTOKEN_CLIENTS_STOCKSERVICE_PARAMETERS_LOGINHINT", "overridden");
		variables.put("EVERTOKEN_CLIENTS_STOCKSERVICE_PARAMETERS_TENANT", "shop");
		Map<String, ClientProperties> clients = clients("stock-service", variables);
		assertThat(clients).containsOnlyKeys("stock-service");
		ClientProperties client = clients.get("stock-service");
		assertThat(client.clientSecret()).isEqualTo("secret");
		assertThat(client.origins()).containsExactly("https://a", "https://b");
		assertThat(client.scope()).containsExactly("read", "write");
		assertThat(client.retry().maxBackoff()).isEqualTo(Duration.ofSeconds(40));
		assertThat(client.responseTimeout()).isEqualTo(Duration.ofSeconds(6));
		assertThat(client.audience()).containsExactly("stock");
		assertThat(client.tokenResponse().expiresInFormat()).hasToString("MILLIS");
		assertThat(client.dpop().enabled()).isTrue();
		assertThat(client.parameters()).containsOnly(entry("login_hint", "overridden"), entry("tenant", "shop"));
		assertThat(OwnTroubles.in(output)).isEmpty();
	}

	@Test
	void clientsWhenOneBeginsLikeAnotherThenVariablesAreOfTheLonger() {
		Map<String, ClientProperties> clients = clients(List.of("stock", "stock-service"),
				Map.of("EVERTOKEN_CLIENTS_STOCK_SERVICE_CLIENT_SECRET", "longer",
						"EVERTOKEN_CLIENTS_STOCK_CLIENT_SECRET", "shorter"));
		assertThat(clients).containsOnlyKeys("stock", "stock-service");
		assertThat(clients.get("stock").clientSecret()).isEqualTo("shorter");
		assertThat(clients.get("stock-service").clientSecret()).isEqualTo("longer");
	}

	@Test
	void clientWhenItIsInTheEnvironmentAloneThenIsThere() {
		Map<String, ClientProperties> clients = clients(List.of(),
				Map.of("EVERTOKEN_CLIENTS_BILLING_CLIENTID", "billing", "EVERTOKEN_CLIENTS_BILLING_CLIENT_SECRET", "a",
						"EVERTOKEN_CLIENTS_BILLING_TOKENURI", "https://idp", "EVERTOKEN_CLIENTS_BILLING_BASEURL",
						"https://billing"));
		assertThat(clients).containsOnlyKeys("billing");
		assertThat(clients.get("billing").clientSecret()).isEqualTo("a");
	}

	@Test
	void clientsWhenVariablesAreOfSomebodyElseThenAreNone(CapturedOutput output) {
		Map<String, ClientProperties> clients = clients("inventory",
				Map.of("EVERTOKEN_CLIENTS_PORT", "tcp://10.0.0.1:80", "EVERTOKEN_CLIENTS_SERVICE_HOST", "10.0.0.1",
						"EVERTOKEN_CLIENTS_PORT_80_TCP_ADDR", "10.0.0.1", "EVERTOKEN_HOME", "/opt"));
		assertThat(clients).containsOnlyKeys("inventory");
		assertThat(OwnTroubles.in(output)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "EVERTOKEN_CLIENTS_STOCKSERVICE_CLIENTSECRETT,EVERTOKEN_CLIENTS_STOCKSERVICE_CLIENTSECRET",
			"EVERTOKEN_CLIENTS_STOCKSERVICE_CLIENT_ID,EVERTOKEN_CLIENTS_STOCKSERVICE_CLIENTID",
			"EVERTOKEN_CLIENTS_STOCK_SERVICE_RENEWALAT,EVERTOKEN_CLIENTS_STOCKSERVICE_RENEWAL_AT",
			"EVERTOKEN_CLIENTS_STOCKSERVICE_EAGER,EVERTOKEN_CLIENTS_STOCKSERVICE_START",
			"EVERTOKEN_CLIENTS_STOCKSERVICE_ISSUER,EVERTOKEN_CLIENTS_STOCKSERVICE_OBTAINEDBY",
			"EVERTOKEN_CLIENTS_STOCKSERVICE_ZZZZZZ,EVERTOKEN_CLIENTS_STOCKSERVICE_..." })
	void startWhenVariableHasNoEffectThenWarnsAndNamesTheNearest(String variable, String meant, CapturedOutput output) {
		assertThat(clients("stock-service", Map.of(variable, "planted-secret"))).containsOnlyKeys("stock-service");
		assertThat(output).contains("WARN")
			.contains("The environment variable " + variable
					+ " belongs to no property of Evertoken, and has no effect. Did you mean " + meant + "?")
			.doesNotContain("planted-secret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "test", "applicationConfig" })
	void clientsWhenAnotherSourceOverridesOnePropertyThenAreOne(String source) {
		this.contextRunner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource(source + "-override",
						Map.of("evertoken.clients.stock-service.client-id", "other"))))
			.withPropertyValues(properties("stock-service").toArray(String[]::new))
			.run((context) -> assertThat(context.getBean(EvertokenProperties.class).clients())
				.containsOnlyKeys("stock-service")
				.extractingByKey("stock-service")
				.extracting(ClientProperties::clientId)
				.isEqualTo("other"));
	}

	private Map<String, ClientProperties> clients(String name, Map<String, Object> variables) {
		return clients(List.of(name), variables);
	}

	private Map<String, ClientProperties> clients(List<String> names, Map<String, Object> variables) {
		AtomicReference<Map<String, ClientProperties>> clients = new AtomicReference<>();
		this.contextRunner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables)))
			.withPropertyValues(names.stream()
				.map(EnvironmentVariablesTests::properties)
				.flatMap(List::stream)
				.toArray(String[]::new))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				clients.set(context.getBean(EvertokenProperties.class).clients());
			});
		return clients.get();
	}

	private static List<String> properties(String name) {
		String prefix = "evertoken.clients." + name + ".";
		return List.of(prefix + "base-url=https://" + name.replace("_", "") + ".internal",
				prefix + "token-uri=https://idp.internal/token", prefix + "client-id=orders",
				prefix + "client-secret=from-a-file", prefix + "parameters.login_hint=alice");
	}

}
