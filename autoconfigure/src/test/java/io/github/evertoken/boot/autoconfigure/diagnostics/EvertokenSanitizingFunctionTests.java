package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EvertokenSanitizingFunction}.
 */
class EvertokenSanitizingFunctionTests {

	private static final String SECRET = "planted-5d21";

	private static final String CLIENT = "evertoken.clients.stock-service.";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withUserConfiguration(PropertiesConfiguration.class);

	@ParameterizedTest
	@ValueSource(strings = { "client-secret", "clientSecret", "refresh-token", "client-assertion.key",
			"client-assertion.key-password", "assertion.key", "assertion.keyPassword", "dpop.key-password",
			"proxy.password", "parameters.password", "parameters.api_key", "headers.X-Api-Key",
			"assertion.claims.pin" })
	@DisplayName("SE-2: the endpoints of Spring Boot show no secret, whatever show-values says")
	void endpointsWhenAllValuesAreShownThenShowNoSecret(String property) {
		String variable = (CLIENT + property).replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
		Map<String, Object> properties = Map.of(CLIENT + property, SECRET);
		Map<String, Object> variables = Map.of(variable, SECRET);
		Stream
			.of(shown(new MapPropertySource("planted", properties)),
					shown(new SystemEnvironmentPropertySource("planted-systemEnvironment", variables)))
			.forEach((shown) -> assertThat(shown).doesNotContain(SECRET).contains("******", "inventory-id"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "keys[0].key", "name-key", "nameKey" })
	@DisplayName("SE-2: the endpoints of Spring Boot show no key of the store, whatever show-values says")
	void endpointsWhenAKeyOfTheStoreIsSetThenDoNotShowIt(String property) {
		Map<String, Object> properties = Map.of("evertoken.store.encryption.keys[0].id", "shown-id",
				"evertoken.store.encryption." + property, SECRET);
		assertThat(shown(new MapPropertySource("planted", properties))).doesNotContain(SECRET)
			.contains("******", "shown-id");
	}

	@ParameterizedTest
	@ValueSource(strings = { "token-uri", "issuer-uri", "base-url", "revocation-uri", "origins[0]" })
	@DisplayName("SE-2: the endpoints of Spring Boot show URLs without their secrets")
	void endpointsWhenUrlHasASecretThenShowItWithout(String property) {
		Map<String, Object> properties = Map.of(CLIENT + property,
				"https://orders:" + SECRET + "@idp.internal/token?key=" + SECRET);
		assertThat(shown(new MapPropertySource("planted", properties))).doesNotContain(SECRET)
			.contains("https://***@idp.internal/token?***");
	}

	@Test
	void endpointsWhenPropertyIsNoSecretThenShowIt() {
		Map<String, Object> properties = new LinkedHashMap<>();
		List<String> names = List.of("client-id", "client-assertion.key-id", "client-assertion.key-location",
				"client-secret-location", "dpop.algorithm", "scope", "token-response.refresh-token");
		names.forEach((name) -> properties.put(CLIENT + name, "shown-" + name));
		properties.put("other.client-secret", "shown-other");
		assertThat(shown(new MapPropertySource("planted", properties)))
			.contains(names.stream().map("shown-"::concat).toList())
			.contains("shown-other");
	}

	@Test
	void contextWhenThereIsNoActuatorThenStarts() {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class));
		runner.run((context) -> assertThat(context).hasSingleBean(EvertokenSanitizingFunction.class));
		runner.withClassLoader(new FilteredClassLoader(SanitizingFunction.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("evertokenSanitizingFunction"));
	}

	private String shown(PropertySource<?> properties) {
		AtomicReference<String> shown = new AtomicReference<>();
		this.contextRunner.withPropertyValues("evertoken.clients.inventory.client-id=inventory-id")
			.withInitializer((context) -> context.getEnvironment().getPropertySources().addFirst(properties))
			.run((context) -> shown.set(shown(context)));
		return shown.get();
	}

	private static String shown(ApplicationContext context) {
		List<SanitizingFunction> functions = List.of(new EvertokenSanitizingFunction());
		ConfigurationPropertiesReportEndpoint properties = new ConfigurationPropertiesReportEndpoint(functions,
				Show.ALWAYS);
		properties.setApplicationContext(context);
		EnvironmentEndpoint environment = new EnvironmentEndpoint(context.getEnvironment(), functions, Show.ALWAYS);
		return Stream.of(properties.configurationProperties(), environment.environment(null))
			.map(JsonMapper.shared()::writeValueAsString)
			.collect(Collectors.joining());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(EvertokenProperties.class)
	static class PropertiesConfiguration {

	}

}
