package io.github.evertoken.dashboard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application with the page, on either stack.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class TestApplication {

	/**
	 * Both stacks are on the class path, and each is to have its own server.
	 */
	private static final String SERVERS = "org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration,"
			+ "org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatReactiveManagementContextAutoConfiguration";

	private static final String EXPOSED = "management.endpoints.web.exposure.include";

	private static final String SECURITY = "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration";

	/**
	 * Start without Spring Security and with the endpoint exposed.
	 */
	static ConfigurableApplicationContext start(WebApplicationType type, Issuer issuer, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.autoconfigure.exclude=" + SERVERS + "," + SECURITY));
		all.addAll(Arrays.asList(properties));
		if (all.stream().noneMatch((property) -> property.startsWith(EXPOSED))) {
			all.add(EXPOSED + "=evertoken");
		}
		return start(type, issuer, List.of(TestApplication.class), all);
	}

	static ConfigurableApplicationContext start(WebApplicationType type, Issuer issuer, List<Class<?>> sources,
			List<String> properties) {
		SpringApplication application = new SpringApplication(sources.toArray(Class[]::new));
		application.setWebApplicationType(type);
		// Reactor Netty may stop reading from a connection that is kept alive
		// (reactor/reactor-netty#4361).
		List<String> all = new ArrayList<>(List.of("--server.port=0", "--server.netty.max-keep-alive-requests=1",
				"--spring.main.banner-mode=off", "--server.address=127.0.0.1",
				"--spring.reactor.netty.shutdown-quiet-period=100ms",
				"--evertoken.clients.inventory.base-url=" + issuer.url(),
				"--evertoken.clients.inventory.token-uri=" + issuer.tokenUri(),
				"--evertoken.clients.inventory.client-id=orders",
				"--evertoken.clients.inventory.client-secret=" + Issuer.SECRET,
				// The machine has other things to do.
				"--evertoken.clients.inventory.response-timeout=1m", "--evertoken.clients.inventory.max-wait=1m",
				"--evertoken.clients.inventory.retry.patience=100ms"));
		properties.forEach((property) -> all.add("--" + property));
		return application.run(all.toArray(String[]::new));
	}

}
