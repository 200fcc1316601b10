package io.github.evertoken.samples.quickstart.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.web.OAuth2ResourceServerWebSecurityAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Spring Authorization Server verifies the ways in which a client proves who it is.
 */
class ClientAuthenticationInteropTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	private static final JWK RSA = rsa();

	private static final JWK EC = ec();

	private static HttpServer keys;

	private static ConfigurableApplicationContext server;

	@BeforeAll
	static void start() {
		keys = serve(new JWKSet(List.of(RSA.toPublicJWK(), EC.toPublicJWK())).toString());
		server = new SpringApplicationBuilder(Server.class).web(WebApplicationType.SERVLET).properties(clients()).run();
	}

	@AfterAll
	static void stop() {
		server.close();
		keys.stop(0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "client_secret_basic", "client_secret_post", "client_secret_jwt" })
	void secretThenIsAccepted(String method) {
		assertAccepted(method, "client-secret", secret(method));
	}

	@Test
	void keyThenIsAccepted() {
		assertAccepted("private_key_jwt", "client-assertion.key", RSA.toJSONString());
		assertAccepted("private_key_jwt-ec", "client-assertion.key", EC.toJSONString());
	}

	@Test
	void keyWhenTheAudienceIsTheIssuerThenIsAccepted() {
		assertAccepted("private_key_jwt", "client-assertion.key", RSA.toJSONString(), "client-assertion.audience",
				url(""));
	}

	@Test
	@DisplayName("FP-1: a client that proves nothing is refused")
	void assertionWhenKeySecretOrAudienceIsWrongThenIsRefused() {
		assertRefused("private_key_jwt", "client-assertion.key", rsa().toJSONString());
		assertRefused("client_secret_jwt", "client-secret", secret("another"));
		assertRefused("client_secret_jwt", "client-secret", secret("client_secret_jwt"), "client-assertion.audience",
				"https://other.example");
	}

	@ParameterizedTest
	@ValueSource(strings = { "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt" })
	@DisplayName("RFC 7009: the server knows a revoked token no more")
	void revokeThenTheServerHoldsTheTokenForInactive(String method) throws Exception {
		boolean key = method.equals("private_key_jwt");
		try (ConfigurableApplicationContext context = caller(method, key ? "client-assertion.key" : "client-secret",
				key ? RSA.toJSONString() : secret(method), "revocation-uri", url("/oauth2/revoke"))) {
			TokenManager manager = context.getBean(TokenManager.class);
			String token = manager.token(TokenKey.of("inventory")).block(TIMEOUT).value();
			assertThat(introspect(token)).contains("\"active\":true");
			manager.revoke(TokenKey.of("inventory")).block(TIMEOUT);
			assertThat(introspect(token)).isEqualTo("{\"active\":false}");
		}
	}

	private static String introspect(String token) throws Exception {
		String form = "token=" + token + "&client_id=client_secret_post&client_secret="
				+ URLEncoder.encode(secret("client_secret_post"), StandardCharsets.UTF_8);
		HttpRequest request = HttpRequest.newBuilder(URI.create(url("/oauth2/introspect")))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(HttpRequest.BodyPublishers.ofString(form))
			.build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
	}

	private static void assertAccepted(String client, String... properties) {
		try (ConfigurableApplicationContext context = caller(client, properties)) {
			AccessToken token = context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block(TIMEOUT);
			assertThat(token.headerValue()).startsWith("Bearer eyJ");
		}
	}

	private static void assertRefused(String client, String... properties) {
		try (ConfigurableApplicationContext context = caller(client, properties)) {
			TokenException ex = catchThrowableOfType(TokenException.class,
					() -> context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block(TIMEOUT));
			assertThat(ex).isInstanceOf(TokenRefusedException.class);
			assertThat(ex.error()).isEqualTo("invalid_client");
		}
	}

	private static ConfigurableApplicationContext caller(String client, String... properties) {
		Map<String, Object> all = new HashMap<>(Map.of("evertoken.clients.inventory.base-url", url("/inventory"),
				"evertoken.clients.inventory.token-uri", url("/oauth2/token"), "evertoken.clients.inventory.client-id",
				client, "evertoken.clients.inventory.client-authentication-method", client.replace("-ec", ""),
				"evertoken.clients.inventory.scope", "inventory.read"));
		// The server's first answer takes its time on a busy machine.
		all.put("evertoken.clients.inventory.response-timeout", "15s");
		for (int i = 0; i < properties.length; i += 2) {
			all.put("evertoken.clients.inventory." + properties[i], properties[i + 1]);
		}
		return new SpringApplicationBuilder(Caller.class).web(WebApplicationType.NONE).properties(all).run();
	}

	/**
	 * The clients as the server knows them, each named like its method.
	 */
	private static Map<String, Object> clients() {
		Map<String, Object> properties = new HashMap<>();
		properties.put("server.port", 0);
		properties.put("server.address", "127.0.0.1");
		for (String name : List.of("client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt",
				"private_key_jwt-ec")) {
			String client = "spring.security.oauth2.authorizationserver.client." + name.replace('_', '-');
			properties.put(client + ".registration.client-id", name);
			properties.put(client + ".registration.client-secret",
					name.endsWith("jwt") ? secret(name) : "{noop}" + secret(name));
			properties.put(client + ".registration.client-authentication-methods", name.replace("-ec", ""));
			properties.put(client + ".registration.authorization-grant-types", "client_credentials");
			properties.put(client + ".registration.scopes", "inventory.read");
			properties.put(client + ".jwk-set-uri", "http://127.0.0.1:" + keys.getAddress().getPort() + "/keys");
			properties.put(client + ".token-endpoint-authentication-signing-algorithm",
					name.startsWith("client") ? "HS256" : name.endsWith("ec") ? "ES384" : "RS256");
		}
		return properties;
	}

	/**
	 * No two clients may have the same.
	 */
	private static String secret(String client) {
		return "a secret as long as the hash, for " + client;
	}

	private static String url(String path) {
		return "http://127.0.0.1:" + ((WebServerApplicationContext) server).getWebServer().getPort() + path;
	}

	private static HttpServer serve(String json) {
		try {
			HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			server.createContext("/keys", (exchange) -> {
				byte[] body = json.getBytes(StandardCharsets.UTF_8);
				exchange.getResponseHeaders().add("Content-Type", "application/json");
				exchange.sendResponseHeaders(200, body.length);
				exchange.getResponseBody().write(body);
				exchange.close();
			});
			server.start();
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static JWK rsa() {
		try {
			return new RSAKeyGenerator(2048).keyID("rsa").generate();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static JWK ec() {
		try {
			return new ECKeyGenerator(Curve.P_384).keyID("ec").generate();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { EvertokenAutoConfiguration.class, OAuth2ResourceServerAutoConfiguration.class,
			OAuth2ResourceServerWebSecurityAutoConfiguration.class })
	static class Server {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(EvertokenAutoConfiguration.class)
	static class Caller {

	}

}
