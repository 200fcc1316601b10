package io.github.evertoken.samples.quickstart.authorization;

import java.util.Map;
import java.util.Objects;

import io.github.evertoken.samples.quickstart.shared.Application;
import io.github.evertoken.samples.quickstart.shared.Revocations;

import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The running authorization server.
 */
public final class AuthorizationServer implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final TokenRequestCounter counter;

	private AuthorizationServer(ConfigurableApplicationContext context) {
		this.context = context;
		this.counter = context.getBean(TokenRequestCounter.class);
	}

	/**
	 * Start the authorization server.
	 * @param port the port, which stays the same when it is taken down and brought up
	 * @param revocations where it announces the tokens that are revoked
	 * @return the running server
	 */
	public static AuthorizationServer start(int port, Revocations revocations) {
		return new AuthorizationServer(Application.start(AuthorizationServerApplication.class, "authorization",
				Map.of("server.port", port, "quickstart.authorization", "http://127.0.0.1:" + port), revocations));
	}

	/**
	 * Return how many token requests have reached the server.
	 * @param clientId the {@code client_id} that the request named
	 * @param grantType the request's {@code grant_type}
	 * @return the server's own count
	 */
	public long tokenRequests(String clientId, String grantType) {
		return this.counter.count(clientId, grantType);
	}

	/**
	 * Close the port: whoever connects is refused. Keys and sessions are kept.
	 */
	public void takeDown() {
		webServer().stop();
	}

	/**
	 * Open the port again.
	 */
	public void bringUp() {
		webServer().start();
	}

	private WebServer webServer() {
		return Objects.requireNonNull(((WebServerApplicationContext) this.context).getWebServer());
	}

	@Override
	public void close() {
		this.context.close();
	}

}
