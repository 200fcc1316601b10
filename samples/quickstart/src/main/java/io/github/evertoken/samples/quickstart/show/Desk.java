package io.github.evertoken.samples.quickstart.show;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;

import org.springframework.web.util.HtmlUtils;

/**
 * A page with buttons, for whoever wants to see what becomes of it: they revoke the token
 * of the continuous caller, stop and start the authorization server, and send a thousand
 * calls. One is done after the other.
 */
public final class Desk implements AutoCloseable {

	private static final TokenKey INVENTORY = TokenKey.of("inventory");

	private static final Duration LIMIT = Duration.ofMinutes(2);

	private static final String PAGE = """
			<!DOCTYPE html>
			<html lang="en">
			<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
			<meta name="color-scheme" content="light dark"><title>Evertoken quickstart</title></head>
			<body>
			<h1>Evertoken quickstart</h1>
			<p>The service orders calls inventory 50 times a second. The authorization server is %s.</p>
			<form method="post">
			<button formaction="/revoke">Revoke the token</button>
			<button formaction="/stop">Stop the authorization server</button>
			<button formaction="/start">Start the authorization server</button>
			<button formaction="/calls">Send 1,000 calls</button>
			</form>
			<p role="status">%s</p>
			<p><a href="%s" target="_blank">See what becomes of it</a></p>
			</body>
			</html>
			""";

	private final Services services;

	private final Timeline timeline;

	private final HttpServer server;

	private final ExecutorService worker = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "quickstart-desk");
		thread.setDaemon(true);
		return thread;
	});

	private boolean down;

	private String said = "";

	private Desk(Services services, Timeline timeline) throws IOException {
		this.services = services;
		this.timeline = timeline;
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.worker);
		this.server.createContext("/", this::show);
		button("/revoke", this::revoke);
		button("/stop", this::stop);
		button("/start", this::start);
		button("/calls", this::call);
		this.server.start();
	}

	/**
	 * Open the desk, on a free port of the loopback interface.
	 * @param services what the buttons act upon
	 * @param timeline where it is told
	 * @return the open desk
	 */
	public static Desk open(Services services, Timeline timeline) {
		try {
			return new Desk(services, timeline);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("No free port on the loopback interface", ex);
		}
	}

	/**
	 * Return where the buttons are.
	 * @return the URL
	 */
	public String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	private String revoke() {
		if (this.down) {
			return "a server that is down revokes nothing";
		}
		AccessToken token = this.services.orders().tokens().token(INVENTORY).block(LIMIT);
		new Browser(this.services.authorizationUrl()).postAs("orders", "orders-secret", "/oauth2/revoke",
				Map.of("token", Objects.requireNonNull(token).value()));
		return "the authorization server has revoked the token of the continuous caller";
	}

	private String stop() {
		if (!this.down) {
			this.services.authorization().takeDown();
			this.down = true;
		}
		return "the authorization server is down: its port is closed";
	}

	private String start() {
		if (this.down) {
			this.services.authorization().bringUp();
			this.down = false;
		}
		return "the authorization server is up";
	}

	private String call() {
		Crowd crowd = Crowd.of(Stage.CROWD, this.services.orders().inventory()::item).block(LIMIT);
		return Objects.requireNonNull(crowd).toString();
	}

	private void button(String path, Supplier<String> action) {
		this.server.createContext(path, (exchange) -> {
			if (!exchange.getRequestMethod().equals("POST") || isFromElsewhere(exchange)) {
				answer(exchange, 403, "");
				return;
			}
			this.said = result(action);
			this.timeline.say("desk", "%s", this.said);
			exchange.getResponseHeaders().set("Location", "/");
			answer(exchange, 303, "");
		});
	}

	private static String result(Supplier<String> action) {
		try {
			return action.get();
		}
		catch (TokenException | IllegalStateException | UncheckedIOException ex) {
			return "it has failed: " + ex.getMessage();
		}
	}

	/**
	 * Any page can send a form to any address. The browser says which page it was.
	 */
	private boolean isFromElsewhere(HttpExchange exchange) {
		String origin = exchange.getRequestHeaders().getFirst("Origin");
		return origin != null && !origin.equals(url());
	}

	private void show(HttpExchange exchange) throws IOException {
		answer(exchange, 200, String.format(PAGE, this.down ? "down" : "up", HtmlUtils.htmlEscape(this.said),
				this.services.orders().page()));
	}

	private static void answer(HttpExchange exchange, int status, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.getRequestBody().readAllBytes();
		exchange.getResponseHeaders().set("Content-Type", "text/html;charset=UTF-8");
		exchange.sendResponseHeaders(status, (bytes.length > 0) ? bytes.length : -1);
		exchange.getResponseBody().write(bytes);
		exchange.close();
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.worker.shutdownNow();
	}

}
