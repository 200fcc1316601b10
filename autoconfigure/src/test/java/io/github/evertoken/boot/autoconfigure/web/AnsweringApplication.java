package io.github.evertoken.boot.autoconfigure.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import io.github.evertoken.boot.autoconfigure.TestProperties;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Runs a web application of either stack, and asks it over real HTTP how it answers what
 * fails for want of a token.
 */
final class AnsweringApplication {

	private AnsweringApplication() {
	}

	/**
	 * Run an application while somebody asks it.
	 * @param application its configuration
	 * @param type on which stack
	 * @param scenario takes its URL, without its context path
	 * @param properties its own properties
	 * @param answers further ones, without {@code evertoken.web} before them
	 */
	static void run(Class<?> application, WebApplicationType type, Consumer<String> scenario, List<String> properties,
			String... answers) {
		List<String> all = new ArrayList<>(
				List.of("server.port=0", "spring.reactor.netty.shutdown-quiet-period=100ms"));
		all.addAll(properties);
		Arrays.stream(answers).map("evertoken.web."::concat).forEach(all::add);
		SpringApplication spring = new SpringApplication(application);
		spring.setWebApplicationType(type);
		spring.setDefaultProperties(TestProperties.of(all));
		try (ConfigurableApplicationContext context = spring.run("--spring.main.banner-mode=off")) {
			scenario.accept("http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port"));
		}
	}

	static HttpResponse<String> get(String url, String accept) {
		try {
			return HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(URI.create(url)).header("Accept", accept).build(),
						HttpResponse.BodyHandlers.ofString());
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
