package io.github.evertoken.dashboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * An authorization server and a resource server that obey: tokens can be revoked, and the
 * authorization server can fail.
 */
final class Issuer implements AutoCloseable {

	static final String SECRET = "planted-secret-4711";

	private final HttpServer server;

	private final AtomicInteger issued = new AtomicInteger();

	private final Set<String> valid = ConcurrentHashMap.newKeySet();

	private final int lifetimeSeconds;

	private volatile boolean down;

	Issuer(int lifetimeSeconds) {
		this.lifetimeSeconds = lifetimeSeconds;
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext("/token", this::token);
		this.server.createContext("/items", this::items);
		this.server.setExecutor(Executors.newCachedThreadPool());
		this.server.start();
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	void revoke() {
		this.valid.clear();
	}

	void down(boolean down) {
		this.down = down;
	}

	private void token(HttpExchange exchange) throws IOException {
		exchange.getRequestBody().readAllBytes();
		if (this.down) {
			// With what no server ought to say.
			answer(exchange, 503,
					"{\"error\":\"temporarily_unavailable\",\"error_description\":\"planted " + SECRET + "\"}");
			return;
		}
		String token = jwt();
		this.valid.add("Bearer " + token);
		answer(exchange, 200, "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\",\"expires_in\":"
				+ this.lifetimeSeconds + "}");
	}

	private String jwt() {
		long now = Instant.now().getEpochSecond();
		return base64("{\"alg\":\"RS256\",\"kid\":\"1\",\"typ\":\"at+jwt\"}") + "."
				+ base64("{\"iss\":\"" + url() + "\",\"aud\":\"inventory\",\"scope\":\"inventory.read\",\"iat\":" + now
						+ ",\"exp\":" + (now + this.lifetimeSeconds) + ",\"jti\":\"" + this.issued.incrementAndGet()
						+ "\"}")
				+ ".c2lnbmF0dXJlLW9mLXRoZS10b2tlbg";
	}

	private static String base64(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	private void items(HttpExchange exchange) throws IOException {
		String authorization = exchange.getRequestHeaders().getFirst("Authorization");
		if (authorization == null || !this.valid.contains(authorization)) {
			exchange.getResponseHeaders()
				.set("WWW-Authenticate",
						(authorization != null) ? "Bearer error=\"invalid_token\", error_description=\""
								+ authorization.replace("Bearer ", "no ") + "\"" : "Bearer");
			answer(exchange, 401, "{}");
			return;
		}
		answer(exchange, 200, "{\"items\":3}");
	}

	private static void answer(HttpExchange exchange, int status, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(status, bytes.length);
		exchange.getResponseBody().write(bytes);
		exchange.close();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
