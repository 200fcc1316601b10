package io.github.evertoken.gateway;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A token endpoint ({@code /token}) and resource servers behind one port, over real HTTP.
 * The tokens are {@code t1}, {@code t2} and so on; those that were exchanged begin with
 * {@code x1}, {@code x2}, and go on with what they were given for. {@code /token/down}
 * and {@code /token/refusing} are what they are called.
 */
final class Upstream implements AutoCloseable {

	private final AtomicInteger issued = new AtomicInteger();

	private final List<Map<String, String>> tokenRequests = new CopyOnWriteArrayList<>();

	private final List<Received> received = new CopyOnWriteArrayList<>();

	private final Set<String> rejected = ConcurrentHashMap.newKeySet();

	private final Map<String, BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>>> handlers = new ConcurrentHashMap<>();

	private final DisposableServer server;

	private volatile String challenge = "Bearer error=\"invalid_token\"";

	private volatile String refusal = "refused";

	Upstream() {
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle((request, response) -> request.uri().startsWith("/token") ? token(request, response)
					: resource(request, response))
			.bindNow(Duration.ofMinutes(1));
	}

	String url(String path) {
		return "http://127.0.0.1:" + this.server.port() + path;
	}

	int port() {
		return this.server.port();
	}

	List<Map<String, String>> tokenRequests() {
		return this.tokenRequests;
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

	void reset() {
		this.received.clear();
		this.tokenRequests.clear();
		this.rejected.clear();
		this.handlers.clear();
		this.challenge = "Bearer error=\"invalid_token\"";
		this.refusal = "refused";
	}

	/**
	 * The {@code Authorization} header of the last token that was issued.
	 */
	String lastToken() {
		return "Bearer t" + this.issued.get();
	}

	/**
	 * That of the token which is issued next.
	 */
	String nextToken() {
		return "Bearer t" + (this.issued.get() + 1);
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

	private Publisher<Void> token(HttpServerRequest request, HttpServerResponse response) {
		return body(request).flatMap((body) -> {
			Map<String, String> form = form(body);
			this.tokenRequests.add(form);
			response.header("Content-Type", "application/json");
			if (request.uri().equals("/token/down")) {
				return Mono.from(response.status(503).header("Retry-After", "7").send());
			}
			if (request.uri().equals("/token/refusing")) {
				return Mono.from(response.status(400).sendString(Mono.just("{\"error\":\"unauthorized_client\"}")));
			}
			String subject = form.get("subject_token");
			if ("refused".equals(subject)) {
				return Mono.from(response.status(400).sendString(Mono.just("{\"error\":\"invalid_grant\"}")));
			}
			String token = (subject != null) ? "x" + this.issued.incrementAndGet() + "-" + subject
					: "t" + this.issued.incrementAndGet();
			return Mono.from(response.sendString(Mono.just("{\"access_token\":\"" + token + "\",\"token_type\":\""
					+ (request.requestHeaders().contains("DPoP") ? "DPoP" : "Bearer") + "\","
					+ "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\","
					+ "\"expires_in\":3600}")));
		});
	}

	private Publisher<Void> resource(HttpServerRequest request, HttpServerResponse response) {
		String authorization = request.requestHeaders().get("Authorization", "none");
		BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler = this.handlers.get(request.uri());
		if (handler != null) {
			return handler.apply(request, response);
		}
		return body(request).flatMap((body) -> {
			this.received
				.add(new Received(request.method().name(), request.uri(), request.requestHeaders().copy(), body));
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

	private static Map<String, String> form(String body) {
		return Arrays.stream(body.split("&"))
			.map((pair) -> pair.split("=", 2))
			.collect(Collectors.toMap((pair) -> decode(pair[0]), (pair) -> decode(pair[1])));
	}

	private static String decode(String text) {
		return URLDecoder.decode(text, StandardCharsets.UTF_8);
	}

	@Override
	public void close() {
		this.server.disposeNow(Duration.ofMinutes(1));
	}

	/**
	 * A request that a resource server has received.
	 */
	record Received(String method, String uri, HttpHeaders headers, String body) {

	}

}
