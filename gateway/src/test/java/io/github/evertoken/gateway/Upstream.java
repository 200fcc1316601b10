package io.github.evertoken.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

import io.github.evertoken.test.server.AuthorizationServer;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Resource servers behind one port, over real HTTP, whose refusals are as a test wants
 * them. In what they say of the tokens of an authorization server these are {@code t1},
 * {@code t2} and so on. They start with a class of tests, or with a test, and refuse
 * nothing when a test begins.
 */
final class Upstream implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

	private final AuthorizationServer tokens;

	private final List<Received> received = new CopyOnWriteArrayList<>();

	private final Set<String> rejected = ConcurrentHashMap.newKeySet();

	private final Map<String, BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>>> handlers = new ConcurrentHashMap<>();

	private boolean ofClass;

	private @Nullable DisposableServer server;

	private volatile String challenge = "Bearer error=\"invalid_token\"";

	private volatile String refusal = "refused";

	/**
	 * Create resource servers.
	 * @param tokens the authorization server that issues their tokens
	 */
	Upstream(AuthorizationServer tokens) {
		this.tokens = tokens;
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		this.ofClass = true;
		start();
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		if (!this.ofClass) {
			start();
		}
		reset();
	}

	@Override
	public void afterEach(ExtensionContext context) {
		if (!this.ofClass) {
			stop();
		}
	}

	@Override
	public void afterAll(ExtensionContext context) {
		stop();
	}

	private void start() {
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle(this::resource)
			.bindNow(Duration.ofMinutes(1));
	}

	private void stop() {
		server().disposeNow(Duration.ofMinutes(1));
	}

	private DisposableServer server() {
		return Objects.requireNonNull(this.server, "not started");
	}

	String url(String path) {
		return "http://127.0.0.1:" + port() + path;
	}

	int port() {
		return server().port();
	}

	AuthorizationServer tokens() {
		return this.tokens;
	}

	/**
	 * The requests to the resource servers, but for those with a handler of their own.
	 */
	List<Received> received() {
		return this.received;
	}

	List<@Nullable String> authorizations() {
		return this.received.stream().map((request) -> request.headers().get("Authorization")).toList();
	}

	private void reset() {
		this.received.clear();
		this.rejected.clear();
		this.handlers.clear();
		this.challenge = "Bearer error=\"invalid_token\"";
		this.refusal = "refused";
	}

	/**
	 * The {@code Authorization} header of the last token that was issued.
	 */
	String lastToken() {
		return "Bearer t" + this.tokens.issuedAccessTokens();
	}

	/**
	 * Answer 401 to all tokens, or to this one.
	 */
	void reject(String authorization) {
		this.rejected.add(authorization);
	}

	void challengeWith(String challenge) {
		this.challenge = challenge;
	}

	void refuseWith(String body) {
		this.refusal = body;
	}

	void handle(String path, BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler) {
		this.handlers.put(path, handler);
	}

	private Publisher<Void> resource(HttpServerRequest request, HttpServerResponse response) {
		String authorization = authorization(request);
		BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler = this.handlers.get(request.uri());
		if (handler != null) {
			return handler.apply(request, response);
		}
		return body(request).flatMap((body) -> {
			this.received.add(new Received(request.method().name(), request.uri(), headers(request), body));
			if (this.rejected.contains("all") || this.rejected.contains(authorization)) {
				response.header("X-Refused", authorization);
				if (!this.challenge.isEmpty()) {
					response.header("WWW-Authenticate", this.challenge);
				}
				return Mono.from(response.status(401).sendString(Mono.just(this.refusal)));
			}
			return Mono
				.from(response.header("Content-Type", "text/plain").sendString(Mono.just(authorization + " " + body)));
		});
	}

	static Mono<String> body(HttpServerRequest request) {
		return request.receive().aggregate().asString().defaultIfEmpty("");
	}

	/**
	 * Return all {@code Authorization} headers of a request, or "none".
	 */
	String authorization(HttpServerRequest request) {
		List<String> authorizations = headers(request).getAll("Authorization");
		return authorizations.isEmpty() ? "none" : String.join(", ", authorizations);
	}

	private HttpHeaders headers(HttpServerRequest request) {
		HttpHeaders headers = request.requestHeaders().copy();
		List<String> authorizations = headers.getAll("Authorization").stream().map(this::named).toList();
		return authorizations.isEmpty() ? headers : headers.set("Authorization", authorizations);
	}

	private String named(String authorization) {
		String[] schemeAndToken = authorization.split(" ", 2);
		int number = (schemeAndToken.length == 2) ? this.tokens.accessTokenNumber(schemeAndToken[1]) : 0;
		return (number != 0) ? schemeAndToken[0] + " t" + number : authorization;
	}

	/**
	 * A request that a resource server has received.
	 */
	record Received(String method, String uri, HttpHeaders headers, String body) {

	}

}
