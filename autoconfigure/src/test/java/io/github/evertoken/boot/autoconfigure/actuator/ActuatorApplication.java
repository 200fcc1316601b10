package io.github.evertoken.boot.autoconfigure.actuator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.boot.autoconfigure.TestProperties;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * An application with the actuator, that is asked over real HTTP.
 */
final class ActuatorApplication implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final HttpClient http = HttpClient.newHttpClient();

	private ActuatorApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start an application whose endpoint is exposed. Each request has a connection of
	 * its own: Reactor Netty may stop reading from one that is kept alive
	 * (reactor/reactor-netty#4361).
	 */
	static ActuatorApplication start(WebApplicationType type, String[] client, String... more) {
		return start(type, Application.class, client, more);
	}

	static ActuatorApplication start(WebApplicationType type, Class<?> source, String[] client, String... more) {
		SpringApplication application = new SpringApplication(source);
		application.setWebApplicationType(type);
		List<String> all = new ArrayList<>(List.of("server.port=0", "server.netty.max-keep-alive-requests=1",
				"spring.main.banner-mode=off", "spring.reactor.netty.shutdown-quiet-period=100ms",
				"logging.level.root=error", "management.endpoints.web.exposure.include=evertoken,health",
				"management.health.defaults.enabled=false", "management.health.evertoken.enabled=true",
				"management.endpoint.health.show-details=always"));
		all.addAll(Arrays.asList(client));
		all.addAll(Arrays.asList(more));
		application.setDefaultProperties(TestProperties.of(all));
		return new ActuatorApplication(application.run());
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	TokenManager manager() {
		return this.context.getBean(TokenManager.class);
	}

	void token(TokenKey key) {
		this.manager().token(key).onErrorResume((ex) -> Mono.empty()).block();
	}

	void put(TokenKey key, TokenSet tokens) {
		this.manager().put(key, tokens).block();
	}

	HttpResponse<String> get(String path) {
		return send(request(path).GET());
	}

	HttpResponse<String> post(String path, String json) {
		return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
	}

	HttpResponse<String> delete(String path) {
		return send(request(path).DELETE());
	}

	static JsonNode json(HttpResponse<String> response) {
		return JsonMapper.shared().readTree(response.body());
	}

	private HttpRequest.Builder request(String path) {
		int port = this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator" + path))
			.timeout(Duration.ofMinutes(1));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return this.http.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
