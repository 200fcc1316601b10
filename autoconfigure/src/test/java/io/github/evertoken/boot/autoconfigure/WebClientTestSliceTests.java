package io.github.evertoken.boot.autoconfigure;

import io.github.evertoken.TokenManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.webclient.test.autoconfigure.WebClientTest;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the slice of Spring Boot's {@link WebClientTest}.
 */
@WebClientTest
class WebClientTestSliceTests {

	private static final TestServer server = new TestServer();

	private final ApplicationContext context;

	WebClientTestSliceTests(@Autowired ApplicationContext context) {
		this.context = context;
	}

	@DynamicPropertySource
	static void client(DynamicPropertyRegistry registry) {
		for (String property : server.client("inventory")) {
			String[] nameAndValue = property.split("=", 2);
			registry.add(nameAndValue[0], () -> nameAndValue[1]);
		}
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@Test
	void webClientOfTheSliceThenSendsToken() {
		assertThat(this.context.getBeansOfType(TokenManager.class)).hasSize(1);
		assertThat(server.resource(this.context)).isEqualTo("Bearer token-1");
	}

	@SpringBootConfiguration
	static class Application {

	}

}
