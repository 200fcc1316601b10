package io.github.evertoken.benchmarks.events;

import java.time.Duration;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenSet;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * A service with one client and the page, on either stack. Its issuer answers at once, so
 * that nobody waits for a network that is not the browser's.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class EventsApplication {

	static final String CLIENT = "inventory";

	/**
	 * Both stacks are on the class path, and each is to have its own server.
	 */
	private static final String OTHER_SERVERS = "org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration,"
			+ "org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatReactiveManagementContextAutoConfiguration";

	static ConfigurableApplicationContext start(WebApplicationType stack) {
		SpringApplication application = new SpringApplication(EventsApplication.class);
		application.setWebApplicationType(stack);
		application.setLogStartupInfo(false);
		return application.run("--server.port=0", "--server.address=127.0.0.1", "--spring.main.banner-mode=off",
				"--spring.reactor.netty.shutdown-quiet-period=0s", "--spring.autoconfigure.exclude=" + OTHER_SERVERS,
				"--management.endpoints.web.exposure.include=evertoken", "--evertoken.store.type=memory",
				"--evertoken.clients." + CLIENT + ".base-url=https://inventory.internal/api");
	}

	@Bean
	TokenIssuer inventory() {
		return (request) -> Mono.fromSupplier(EventsApplication::token);
	}

	static TokenSet token() {
		return TokenSet.withAccessToken("x".repeat(1_000)).expiresIn(Duration.ofHours(1)).build();
	}

}
