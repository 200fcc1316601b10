package io.github.evertoken.gateway;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A real Spring Cloud Gateway, and somebody who calls it.
 */
final class Gateway implements AutoCloseable {

	private final HttpClient caller = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ReactiveWebServerApplicationContext context;

	private Gateway(ReactiveWebServerApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start a gateway.
	 * @param configuration what the application has of its own
	 * @param properties its properties, as {@code name=value}
	 */
	static Gateway start(Class<?> configuration, List<String> properties) {
		Map<String, Object> all = new LinkedHashMap<>(Map.of("server.port", "0", "server.address", "127.0.0.1",
				"spring.main.banner-mode", "off", "spring.main.register-shutdown-hook", "false",
				"spring.cloud.discovery.client.composite-indicator.enabled", "false"));
		properties.stream().map((property) -> property.split("=", 2)).forEach((pair) -> all.put(pair[0], pair[1]));
		SpringApplication application = new SpringApplication(Application.class, configuration);
		application.setWebApplicationType(WebApplicationType.REACTIVE);
		application.setDefaultProperties(all);
		return new Gateway((ReactiveWebServerApplicationContext) application.run());
	}

	/**
	 * The properties of a client that works, on a busy machine too.
	 */
	static List<String> client(Upstream upstream, String name, String... more) {
		String prefix = "evertoken.clients." + name + ".";
		List<String> properties = new ArrayList<>(List.of(prefix + "base-url=" + upstream.url("/" + name),
				prefix + "token-uri=" + upstream.tokens().tokenUri(), prefix + "client-id=gateway",
				prefix + "client-secret=" + upstream.tokens().clientSecret("gateway"), prefix + "response-timeout=30s",
				prefix + "max-wait=30s", prefix + "rejection.max-renewals=1000"));
		Arrays.stream(more).map((property) -> prefix + property).forEach(properties::add);
		return properties;
	}

	/**
	 * The properties of a route for all that is below a path.
	 */
	static List<String> route(int index, String id, String uri, String path, String... filters) {
		String prefix = "spring.cloud.gateway.server.webflux.routes[" + index + "].";
		List<String> properties = new ArrayList<>(
				List.of(prefix + "id=" + id, prefix + "uri=" + uri, prefix + "predicates[0]=Path=" + path + "/**"));
		for (int i = 0; i < filters.length; i++) {
			properties.add(prefix + "filters[" + i + "]=" + filters[i]);
		}
		return properties;
	}

	ReactiveWebServerApplicationContext context() {
		return this.context;
	}

	URI url(String path) {
		return URI.create("http://127.0.0.1:" + this.context.getWebServer().getPort() + path);
	}

	HttpResponse<String> get(String path, String... headers) {
		return send(request(path, headers).build(), HttpResponse.BodyHandlers.ofString());
	}

	HttpResponse<String> post(String path, HttpRequest.BodyPublisher body, String... headers) {
		return send(request(path, headers).POST(body).build(), HttpResponse.BodyHandlers.ofString());
	}

	HttpRequest.Builder request(String path, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(url(path));
		return (headers.length > 0) ? request.headers(headers) : request;
	}

	<T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
		try {
			return this.caller.send(request, handler);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	HttpClient caller() {
		return this.caller;
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
