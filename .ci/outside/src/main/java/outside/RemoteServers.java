package outside;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A token endpoint and a resource server on one free port, which write down what they
 * were asked.
 */
class RemoteServers implements AutoCloseable {

	private static final String CREDENTIALS = "Basic "
			+ Base64.getEncoder().encodeToString("outside:secret".getBytes(StandardCharsets.UTF_8));

	private static final String TOKEN = "token-of-the-outside";

	private final AtomicInteger tokenRequests = new AtomicInteger();

	private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());

	private final HttpServer server;

	RemoteServers() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/token", this::issue);
		this.server.createContext("/api", this::serve);
		this.server.start();
	}

	int port() {
		return this.server.getAddress().getPort();
	}

	/**
	 * What is wrong with the requests so far.
	 * @return the reason, or {@code null} if all is well
	 */
	String broken() {
		if (this.tokenRequests.get() != 1) {
			return "expected 1 token request, got " + this.tokenRequests;
		}
		List<String> expected = Collections.nCopies(2, "Bearer " + TOKEN);
		if (!this.authorizations.equals(expected)) {
			return "expected the Authorization headers " + expected + ", got " + this.authorizations;
		}
		return null;
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	private void issue(HttpExchange exchange) throws IOException {
		this.tokenRequests.incrementAndGet();
		String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
		boolean granted = "POST".equals(exchange.getRequestMethod())
				&& CREDENTIALS.equals(exchange.getRequestHeaders().getFirst("Authorization"))
				&& form.contains("grant_type=client_credentials") && form.contains("scope=inventory.read");
		if (granted) {
			answer(exchange, 200, """
					{"access_token":"%s","token_type":"Bearer","expires_in":3600}""".formatted(TOKEN));
		}
		else {
			answer(exchange, 400, """
					{"error":"invalid_request"}""");
		}
	}

	private void serve(HttpExchange exchange) throws IOException {
		this.authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
		answer(exchange, 200, """
				{"id":7}""");
	}

	private static void answer(HttpExchange exchange, int status, String json) throws IOException {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(status, body.length);
		try (exchange) {
			exchange.getResponseBody().write(body);
		}
	}

}
