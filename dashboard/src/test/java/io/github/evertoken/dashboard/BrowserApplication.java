package io.github.evertoken.dashboard;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * What the browser looks at in {@code src/test/browser}: an application with one client,
 * and a port by which the browser's driver makes things happen. It writes both addresses
 * to the file that it is given, and ends with its standard input.
 */
final class BrowserApplication {

	private static final int LIFETIME_SECONDS = 120;

	private BrowserApplication() {
	}

	public static void main(String[] args) throws Exception {
		Issuer issuer = new Issuer(LIFETIME_SECONDS);
		WebApplicationType type = WebApplicationType.valueOf(args[1]);
		ConfigurableApplicationContext context = TestApplication.start(type, issuer,
				"evertoken.clients.inventory.scope=inventory.read", "evertoken.clients.inventory.audience=inventory");
		WebClient inventory = context.getBean(WebClient.Builder.class).baseUrl(issuer.url()).build();
		HttpServer control = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		control.createContext("/call", (exchange) -> answer(exchange, call(inventory, exchange)));
		TokenManager tokens = context.getBean(TokenManager.class);
		control.createContext("/signature", (exchange) -> answer(exchange, signature(tokens)));
		control.createContext("/revoke", (exchange) -> {
			issuer.revoke();
			answer(exchange, "revoked");
		});
		control.createContext("/down", (exchange) -> {
			issuer.down(true);
			answer(exchange, "down");
		});
		control.createContext("/up", (exchange) -> {
			issuer.down(false);
			answer(exchange, "up");
		});
		control.start();
		publish(Path.of(args[0]), Http.of(context).port(), control.getAddress().getPort());
		while (System.in.read() >= 0) {
			// Until whoever has started it has gone.
		}
		control.stop(0);
		context.close();
		issuer.close();
		System.exit(0);
	}

	/**
	 * All at once, so that nobody reads a half of it.
	 */
	private static void publish(Path file, int port, int control) throws Exception {
		Path half = file.resolveSibling(file.getFileName() + ".half");
		Files.writeString(half, "{\"page\":\"http://127.0.0.1:" + port
				+ "/actuator/evertoken/ui/\",\"control\":\"http://127.0.0.1:" + control + "\"}");
		Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
	}

	private static String call(WebClient inventory, HttpExchange exchange) {
		String query = exchange.getRequestURI().getQuery();
		int calls = (query != null) ? Integer.parseInt(query) : 1;
		return Flux.range(0, calls)
			.flatMap((call) -> inventory.get()
				.uri("/items")
				.exchangeToMono((response) -> response.releaseBody().thenReturn(response.statusCode()))
				.map(HttpStatusCode::value)
				.onErrorResume((ex) -> Mono.just(-1)), 100)
			.collectList()
			.block(Duration.ofMinutes(1))
			.toString();
	}

	private static String signature(TokenManager tokens) {
		String token = tokens.token(TokenKey.of("inventory")).block(Duration.ofMinutes(1)).value();
		return token.substring(token.lastIndexOf('.') + 1);
	}

	private static void answer(HttpExchange exchange, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(200, bytes.length);
		exchange.getResponseBody().write(bytes);
		exchange.close();
	}

}
