package io.github.evertoken.boot.autoconfigure.service;

import io.github.evertoken.boot.InvalidConfigurationException;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.service.TokenClient;
import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestContextManager;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.HttpServiceGroup.ClientType;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for a test of Spring Boot's that starts some classes of the application, and not
 * those that declare all groups of HTTP services and all clients.
 */
@SpringBootTest(classes = HttpServicePartTests.Part.class, webEnvironment = WebEnvironment.NONE)
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext
@Tag("HI-7")
class HttpServicePartTests {

	@RegisterExtension
	private static final AuthorizationServer server = TestClients.server();

	@DynamicPropertySource
	static void clients(DynamicPropertyRegistry registry) {
		TestClients.register(registry, server, "inventory", "http-service-groups=inventory,stock");
		registry.add("spring.http.serviceclient.inventory.base-url", server::resourceUri);
		registry.add("spring.http.serviceclient.billing.base-url", server::resourceUri);
	}

	@Test
	void startWhenTheTestLeavesOutAGroupOrAClientThenIsNotStopped(@Autowired Inventory inventory,
			CapturedOutput output) {
		assertThat(inventory.items()).isEqualTo("get with access token 1");
		assertThat(output)
			.contains("What this test leaves out of the application may be missed:"
					+ " evertoken.clients.inventory.http-service-groups[1]: must be a group of HTTP services")
			.contains("@TokenClient names 'ledger'");
	}

	@Test
	void startWhenTheTestHasTheWholeApplicationThenIsStopped() {
		assertThatException()
			.isThrownBy(() -> new TestContextManager(WholeTest.class).getTestContext().getApplicationContext())
			.havingRootCause()
			.isInstanceOf(InvalidConfigurationException.class)
			.withMessageContaining("http-service-groups[1]")
			.withMessageContaining("'ledger'");
	}

	interface Inventory {

		@GetExchange
		String items();

	}

	/**
	 * Its client is a bean that the test leaves out.
	 */
	@TokenClient("ledger")
	interface Billing {

		@GetExchange
		String bills();

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "inventory", types = Inventory.class, clientType = ClientType.WEB_CLIENT)
	@ImportHttpServices(group = "billing", types = Billing.class, clientType = ClientType.WEB_CLIENT)
	static class Groups {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Groups.class)
	static class Part {

	}

	/**
	 * Spring Boot finds the application by itself.
	 */
	@SpringBootTest(webEnvironment = WebEnvironment.NONE)
	static class WholeTest {

		@DynamicPropertySource
		static void clients(DynamicPropertyRegistry registry) {
			HttpServicePartTests.clients(registry);
		}

	}

}
