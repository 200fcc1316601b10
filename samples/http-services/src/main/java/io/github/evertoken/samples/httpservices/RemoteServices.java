package io.github.evertoken.samples.httpservices;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * What the shop calls, on one free port: a token endpoint, an inventory and a price list
 * that want a token with the right scope.
 */
final class RemoteServices implements AutoCloseable {

	private final HttpServer server;

	private final Map<String, String> scopes = new ConcurrentHashMap<>();

	private final AtomicInteger tokenRequests = new AtomicInteger();

	private final AtomicInteger unauthorized = new AtomicInteger();

	private RemoteServices(HttpServer server) {
		this.server = server;
	}

	/**
	 * Start them.
	 * @return the running services
	 * @throws IOException if there is no free port
	 */
	static RemoteServices start() throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		RemoteServices services = new RemoteServices(server);
		server.createContext("/oauth2/token", services::issue);
		server.createContext("/inventory", (exchange) -> services.serve(exchange, "3 pieces"));
		server.createContext("/prices", (exchange) -> services.serve(exchange, "9.90"));
		server.start();
		return services;
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	int tokenRequests() {
		return this.tokenRequests.get();
	}

	int unauthorized() {
		return this.unauthorized.get();
	}

	/**
	 * Revoke all tokens that have been issued.
	 */
	void revokeAll() {
		this.scopes.clear();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	private void issue(HttpExchange exchange) throws IOException {
		String form = URLDecoder.decode(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
				StandardCharsets.UTF_8);
		String scope = form.replaceAll(".*\\bscope=([a-z]+).*", "$1");
		String token = "token-" + this.tokenRequests.incrementAndGet();
		this.scopes.put(token, scope);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		answer(exchange, 200, """
				{"access_token":"%s","token_type":"Bearer","expires_in":3600,"scope":"%s"}""".formatted(token, scope));
	}

	private void serve(HttpExchange exchange, String what) throws IOException {
		String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
		String token = authorization.replace("Bearer ", "");
		String scope = this.scopes.get(token);
		exchange.getResponseHeaders().set("Content-Type", "text/plain");
		if (scope == null) {
			this.unauthorized.incrementAndGet();
			exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer error=\"invalid_token\"");
			answer(exchange, 401, "");
		}
		else if (exchange.getRequestMethod().equals("PUT") && !scope.equals("reserve")) {
			exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer error=\"insufficient_scope\"");
			answer(exchange, 403, "");
		}
		else {
			answer(exchange, 200, what + " (" + exchange.getRequestMethod() + " " + exchange.getRequestURI() + " with "
					+ token + ", scope " + scope + ")");
		}
	}

	private static void answer(HttpExchange exchange, int status, String text) throws IOException {
		byte[] body = text.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(status, (body.length > 0) ? body.length : -1);
		try (exchange) {
			exchange.getResponseBody().write(body);
		}
	}

}
