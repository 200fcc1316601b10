package io.github.evertoken.boot.autoconfigure.connection;

import java.lang.reflect.Method;
import java.time.Duration;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.boot.autoconfigure.TestProxy;
import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Token endpoints from which an {@code InetAddressFilter} keeps the HTTP client. Spring
 * Boot 4.0 has none.
 */
class FilteredHostsTests {

	private static final String FILTER = "org.springframework.boot.http.client.InetAddressFilter";

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	@BeforeEach
	void requireFilter() {
		assumeTrue(ClassUtils.isPresent(FILTER, null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	void tokenWhenTheAddressIsFilteredThenIsRefusedWithTheReason(String connector) {
		runner(connector).withPropertyValues(TestClients.client(this.server, "inventory"))
			.run(this::assertThatTokenIsRefused);
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	void tokenWhenTheAddressOfTheIssuerIsFilteredThenIsRefusedWithTheReason(String connector) {
		runner(connector)
			.withPropertyValues("evertoken.clients.inventory.base-url=" + this.server.resourceUri(),
					"evertoken.clients.inventory.issuer-uri=" + this.server.issuer() + "/",
					"evertoken.clients.inventory.client-id=orders", "evertoken.clients.inventory.client-secret=planted",
					"evertoken.clients.inventory.response-timeout=30s", "evertoken.clients.inventory.max-wait=30s")
			.run(this::assertThatTokenIsRefused);
	}

	@Test
	void tokenWhenTheAddressIsFilteredAndThereIsAProxyThenIsRefusedWithTheReason() throws Exception {
		try (TestProxy proxy = new TestProxy(1, null)) {
			runner("jdk")
				.withPropertyValues(TestClients.client(this.server, "inventory", "proxy.host=localhost",
						"proxy.port=" + proxy.port()))
				.run(this::assertThatTokenIsRefused);
			assertThat(proxy.requests()).isEmpty();
		}
	}

	private void assertThatTokenIsRefused(ApplicationContext context) {
		TokenException ex = catchThrowableOfType(TokenException.class,
				() -> context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block(Duration.ofMinutes(1)));
		assertThat(ex).isInstanceOf(TokenRefusedException.class)
			.hasMessageContaining("the application's InetAddressFilter refuses the address")
			.hasMessageContaining("127.0.0.1")
			.hasMessageContaining("let it match the address of this host");
		assertThat(this.server).receivedNoTokenRequest();
	}

	private static ApplicationContextRunner runner(String connector) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class,
					HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class))
			.withPropertyValues("spring.http.clients.reactive.connector=" + connector,
					"spring.reactor.netty.shutdown-quiet-period=100ms")
			.withInitializer((context) -> registerFilter(context));
	}

	/**
	 * By its name, so that this compiles with Spring Boot 4.0.
	 */
	private static void registerFilter(ConfigurableApplicationContext context) {
		Class<?> type = ClassUtils.resolveClassName(FILTER, null);
		Method none = ReflectionUtils.findMethod(type, "none");
		context.getBeanFactory().registerSingleton("filter", ReflectionUtils.invokeMethod(none, null));
	}

}
