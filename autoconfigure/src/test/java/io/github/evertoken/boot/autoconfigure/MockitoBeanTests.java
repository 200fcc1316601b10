package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
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
	private TestServer server;

	@Test
	void requestWhenTheManagerIsAMockThenCarriesItsToken() {
		BDDMockito.given(this.manager.token(TokenKey.of("inventory")))
			.willReturn(Mono.just(new AccessToken("Bearer", "mocked", Instant.now(), Instant.now().plusSeconds(60))));
		assertThat(this.builder.build()
			.get()
			.uri(this.server.url("/api"))
			.retrieve()
			.bodyToMono(String.class)
			.block(Duration.ofMinutes(1))).isEqualTo("Bearer mocked");
		assertThat(this.server.tokenRequests()).isEmpty();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ EvertokenAutoConfiguration.class, WebClientAutoConfiguration.class })
	static class Application {

		@Bean
		TestServer server() {
			return new TestServer();
		}

		@Bean
		DynamicPropertyRegistrar client(TestServer server) {
			return (registry) -> Arrays.stream(server.client("inventory"))
				.map((property) -> property.split("=", 2))
				.forEach((property) -> registry.add(property[0], () -> property[1]));
		}

	}

}
