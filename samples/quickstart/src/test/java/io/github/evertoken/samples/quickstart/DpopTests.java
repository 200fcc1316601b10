package io.github.evertoken.samples.quickstart;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.samples.quickstart.authorization.AuthorizationServer;
import io.github.evertoken.samples.quickstart.shared.Revocations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.AbstractOAuth2TokenAuthenticationToken;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tokens that are bound to a key, with Spring Authorization Server and Spring Security's
 * servlet resource server, which verify the proofs.
 */
class DpopTests {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private AuthorizationServer authorization;

	private ConfigurableApplicationContext inventory;

	private ConfigurableApplicationContext orders;

	private String inventoryUrl;

	@BeforeEach
	void start() throws IOException {
		int port = freePort();
		String authorizationUrl = "http://127.0.0.1:" + port;
		this.authorization = AuthorizationServer.start(port, new Revocations());
		this.inventory = new SpringApplicationBuilder(Inventory.class).web(WebApplicationType.SERVLET)
			.properties(Map.of("server.port", "0", "spring.security.oauth2.resourceserver.jwt.jwk-set-uri",
					authorizationUrl + "/oauth2/jwks"))
			.run();
		this.inventoryUrl = "http://127.0.0.1:" + this.inventory.getEnvironment().getProperty("local.server.port");
		this.orders = new SpringApplicationBuilder(Orders.class).web(WebApplicationType.NONE)
			.properties("evertoken.clients.inventory.base-url=" + this.inventoryUrl,
					"evertoken.clients.inventory.token-uri=" + authorizationUrl + "/oauth2/token",
					"evertoken.clients.inventory.client-id=orders",
					"evertoken.clients.inventory.client-secret=orders-secret", "evertoken.clients.inventory.dpop=true",
					"evertoken.clients.inventory.response-timeout=30s", "evertoken.clients.inventory.max-wait=30s")
			.run();
	}

	/**
	 * Systems give no port below 32,768 to whoever asks for any: nobody has this one by
	 * the time that it is used.
	 */
	private static int freePort() throws IOException {
		int port = ThreadLocalRandom.current().nextInt(22_700, 32_700);
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (BindException ex) {
			return freePort();
		}
	}

	@AfterEach
	void stop() {
		this.orders.close();
		this.inventory.close();
		this.authorization.close();
	}

	@Test
	void callWhenSpringSecurityVerifiesTheProofsThenIsAccepted() {
		WebClient webClient = this.orders.getBean(WebClient.class);
		for (int i = 0; i < 3; i++) {
			String thumbprint = webClient.get()
				.uri(this.inventoryUrl + "/items/7?colour=red")
				.retrieve()
				.bodyToMono(String.class)
				.block(LIMIT);
			assertThat(thumbprint).matches("[\\w-]{43}");
		}
		assertThat(this.authorization.tokenRequests("orders", "client_credentials")).isEqualTo(1);
	}

	@Test
	void callWhenTheTokenIsStolenThenItIsOfNoUse() {
		TokenManager tokens = this.orders.getBean(TokenManager.class);
		String stolen = tokens.token(TokenKey.of("inventory")).block(LIMIT).value();
		assertThat(statusWith("Bearer " + stolen)).isEqualTo(401);
		assertThat(statusWith("DPoP " + stolen)).isEqualTo(401);
	}

	private int statusWith(String authorization) {
		return WebClient.create(this.inventoryUrl)
			.get()
			.uri("/items/7")
			.header(HttpHeaders.AUTHORIZATION, authorization)
			.retrieve()
			.onStatus((status) -> true, (response) -> Mono.empty())
			.toBodilessEntity()
			.map((response) -> response.getStatusCode().value())
			.block(LIMIT);
	}

	/**
	 * A resource server on the servlet stack.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class Inventory {

		@Bean
		SecurityFilterChain bearerAndDpop(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()).dPoP(Customizer.withDefaults()))
				.build();
		}

		@GetMapping("/items/{id}")
		String item(AbstractOAuth2TokenAuthenticationToken<Jwt> caller) {
			return String.valueOf(caller.getToken().getClaimAsMap("cnf").get("jkt"));
		}

	}

	/**
	 * Its caller.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { SecurityAutoConfiguration.class, UserDetailsServiceAutoConfiguration.class,
			OAuth2ResourceServerAutoConfiguration.class })
	static class Orders {

		/**
		 * What the next application in this JVM needs is not shut down with this one.
		 */
		@Bean
		ReactorResourceFactory ownThreads() {
			ReactorResourceFactory resources = new ReactorResourceFactory();
			resources.setUseGlobalResources(false);
			resources.setShutdownQuietPeriod(Duration.ZERO);
			return resources;
		}

		@Bean
		WebClient webClient(WebClient.Builder builder) {
			return builder.build();
		}

	}

}
