package io.github.evertoken.boot.autoconfigure;

import io.github.evertoken.service.TokenClient;
import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.test.autoconfigure.WebClientTest;
import org.springframework.context.ApplicationContext;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.HttpServiceGroup.ClientType;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a slice of Spring Boot's that has some of the application's groups of HTTP
 * services, and not what the configuration tells of others. What is told at its start is
 * looked at, so that there is a start for each try.
 */
@WebClientTest
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext
@Tag("HI-7")
class HttpServiceSliceTests {

	@RegisterExtension
	private static final AuthorizationServer server = TestClients.server();

	@DynamicPropertySource
	static void clients(DynamicPropertyRegistry registry) {
		TestClients.register(registry, server, "inventory", "http-service-groups=inventory,stock");
		registry.add("spring.http.serviceclient.inventory.base-url", server::resourceUri);
		registry.add("spring.http.serviceclient.billing.base-url", server::resourceUri);
	}

	@Test
	void startWhenTheSliceLeavesOutAGroupOrAClientThenIsNotStopped(@Autowired ApplicationContext context,
			CapturedOutput output) {
		assertThat(context.getBean(Inventory.class)).isNotNull();
		assertThat(TestClients.resource(server, context)).isEqualTo("get with access token 1");
		assertThat(output).contains(
				"evertoken.clients.inventory.http-service-groups[1]: must be a group of HTTP services", "'ledger'");
	}

	interface Inventory {

		@GetExchange
		String items();

	}

	/**
	 * Its client is a bean that the slice leaves out.
	 */
	@TokenClient("ledger")
	interface Billing {

		@GetExchange
		String bills();

	}

	@SpringBootConfiguration
	@ImportHttpServices(group = "inventory", types = Inventory.class, clientType = ClientType.WEB_CLIENT)
	@ImportHttpServices(group = "billing", types = Billing.class, clientType = ClientType.WEB_CLIENT)
	static class Application {

	}

}
