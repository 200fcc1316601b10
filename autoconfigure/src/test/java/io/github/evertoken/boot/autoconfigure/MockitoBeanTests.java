package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.DynamicPropertyRegistrar;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A test of an application that puts a mock in the place of the manager.
 */
@SpringJUnitConfig
class MockitoBeanTests {

	@MockitoBean
	private TokenManager manager;

	@Autowired
	private WebClient.Builder builder;

	@Autowired
	private AuthorizationServer server;

	@Test
	void requestWhenTheManagerIsAMockThenCarriesItsToken() {
		BDDMockito.given(this.manager.token(TokenKey.of("inventory")))
			.willReturn(Mono.just(new AccessToken("Bearer", "mocked", Instant.now(), Instant.now().plusSeconds(60))));
		this.builder.build()
			.get()
			.uri(this.server.resourceUri())
			.retrieve()
			.toBodilessEntity()
			.block(Duration.ofMinutes(1));
		assertThat(TestClients.authorization(this.server)).isEqualTo("Bearer mocked");
		assertThat(this.server).receivedNoTokenRequest();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ EvertokenAutoConfiguration.class, WebClientAutoConfiguration.class })
	static class Application {

		@Bean
		AuthorizationServer server() {
			return TestClients.server().withPublicResource();
		}

		@Bean
		DynamicPropertyRegistrar client(AuthorizationServer server) {
			return (registry) -> Arrays.stream(TestClients.client(server, "inventory"))
				.map((property) -> property.split("=", 2))
				.forEach((property) -> registry.add(property[0], () -> property[1]));
		}

	}

}
