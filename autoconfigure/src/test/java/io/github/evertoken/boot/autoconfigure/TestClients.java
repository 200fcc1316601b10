package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.test.server.ReceivedRequest;

import org.springframework.context.ApplicationContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Clients of an {@link AuthorizationServer}: what an application is told of them, and
 * what it is made to do with them.
 */
public final class TestClients {

	/**
	 * Nothing of it may appear where no secret may.
	 */
	private static final String SECRET = "planted-secret";

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private TestClients() {
	}

	/**
	 * Return a server that knows the client of {@link #client}.
	 */
	public static AuthorizationServer server() {
		return AuthorizationServer.forClients().register("orders", SECRET);
	}

	/**
	 * Return the properties of a client that works, on a busy machine too.
	 * @param name its name, whatever its identifier
	 * @param more further properties, below those of the client
	 */
	public static String[] client(AuthorizationServer server, String name, String... more) {
		String prefix = "evertoken.clients." + name + ".";
		List<String> properties = new ArrayList<>(
				List.of(prefix + "base-url=" + server.resourceUri(), prefix + "token-uri=" + server.tokenUri(),
						prefix + "client-id=orders", prefix + "client-secret=" + server.clientSecret("orders"),
						prefix + "response-timeout=30s", prefix + "max-wait=30s", "evertoken.store.timeout=30s"));
		Arrays.stream(more).map((property) -> prefix + property).forEach(properties::add);
		return properties.toArray(String[]::new);
	}

	/**
	 * Register the properties of a client that works at a server.
	 */
	public static void register(DynamicPropertyRegistry registry, AuthorizationServer server, String name,
			String... more) {
		for (String property : client(server, name, more)) {
			String[] nameAndValue = property.split("=", 2);
			registry.add(nameAndValue[0], () -> nameAndValue[1]);
		}
	}

	/**
	 * Call the resource with the application's {@code WebClient}.
	 * @return what it answers
	 */
	public static String resource(AuthorizationServer server, ApplicationContext context) {
		return context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(server.resourceUri())
			.retrieve()
			.bodyToMono(String.class)
			.block(TIMEOUT);
	}

	/**
	 * Return the parameters of a token request.
	 * @param index which one, from 0 on
	 */
	public static Map<String, String> form(AuthorizationServer server, int index) {
		return server.requests(Endpoint.TOKEN).get(index).parameters();
	}

	/**
	 * Return what the last request to the resource had in its {@code Authorization}
	 * header, or "none".
	 */
	public static String authorization(AuthorizationServer server) {
		List<ReceivedRequest> requests = server.requests(Endpoint.RESOURCE);
		return Objects.requireNonNullElse(requests.get(requests.size() - 1).header("Authorization"), "none");
	}

	/**
	 * Return what lets the resource refuse each request, though its token is as good as
	 * any.
	 */
	public static Fault rejection() {
		return Fault.answer(401, "text/plain", "refused")
			.withHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"")
			.at(Endpoint.RESOURCE);
	}

	/**
	 * Return what does the same, without a challenge.
	 */
	public static Fault unchallengedRejection() {
		return Fault.answer(401, "text/plain", "refused").at(Endpoint.RESOURCE);
	}

	/**
	 * Return what answers each token request with an access token, whatever it asks for:
	 * for tests of what is sent.
	 */
	public static Fault granted() {
		return json(200, "{\"access_token\":\"granted\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
	}

	/**
	 * Return what answers token requests with JSON.
	 */
	public static Fault json(int status, String json) {
		return Fault.answer(status, "application/json", json);
	}

}
