package io.github.evertoken.boot.autoconfigure;

import java.net.URI;

import io.github.evertoken.TokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.web.RequestExplainer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientProperties;
import org.springframework.boot.webclient.test.autoconfigure.WebClientTest;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the slice of Spring Boot's {@link WebClientTest}.
 */
@WebClientTest
class WebClientTestSliceTests {

	@RegisterExtension
	private static final AuthorizationServer server = TestClients.server();

	private final ApplicationContext context;

	WebClientTestSliceTests(@Autowired ApplicationContext context) {
		this.context = context;
	}

	@DynamicPropertySource
	static void client(DynamicPropertyRegistry registry) {
		TestClients.register(registry, server, "inventory");
		registry.add("evertoken.clients.billing.http-service-groups", () -> "bills");
		registry.add("evertoken.clients.billing.token-uri", server::tokenUri);
		registry.add("evertoken.clients.billing.client-id", () -> "orders");
		registry.add("evertoken.clients.billing.client-secret", () -> "planted-secret");
		registry.add("spring.http.serviceclient.bills.base-url", () -> "https://billing.internal/bills");
	}

	@Test
	void webClientOfTheSliceThenSendsToken() {
		assertThat(this.context.getBeansOfType(TokenManager.class)).hasSize(1);
		assertThat(TestClients.resource(server, this.context)).isEqualTo("get with access token 1");
	}

	/**
	 * What Spring Boot itself reads them with is not in the slice.
	 */
	@Test
	@DisplayName("HI-5: in a slice, a client has the base URL of its group all the same")
	void clientWhenItsBaseUrlIsOfAGroupThenHasItInTheSliceToo() {
		assertThat(this.context.getBeansOfType(HttpServiceClientProperties.class)).isEmpty();
		RequestExplainer explainer = this.context.getBean(RequestExplainer.class);
		assertThat(explainer.explain(HttpMethod.GET, URI.create("https://billing.internal/bills/7"), null).client())
			.isEqualTo("billing");
	}

	@SpringBootConfiguration
	static class Application {

	}

}
