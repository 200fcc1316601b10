package io.github.evertoken.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;

import org.springframework.context.ApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A token endpoint ({@code /token}) and a resource ({@code /api}) behind one port, over
 * real HTTP. The resource answers with the {@code Authorization} header that it got.
 */
public final class TestServer implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private final MockWebServer server = new MockWebServer();

	private final List<RecordedRequest> tokenRequests = new CopyOnWriteArrayList<>();

	private final List<String> rejected = new CopyOnWriteArrayList<>();

	private final List<RecordedRequest> metadataRequests = new CopyOnWriteArrayList<>();

	private volatile Supplier<MockResponse> metadata = () -> new MockResponse.Builder().code(404).build();

	private volatile Function<RecordedRequest, MockResponse> answer = (request) -> new MockResponse.Builder().build();

	private final AtomicInteger hanging = new AtomicInteger();

	private volatile String hangOn = "";

	private volatile String mode = "issue";

	private volatile boolean challenging = true;

	private volatile long delayMillis;

	private volatile Runnable onToken = () -> {
	};

	public TestServer() {
		this.server.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				if (request.getTarget().equals(TestServer.this.hangOn)) {
					TestServer.this.hanging.incrementAndGet();
					return new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build();
				}
				if (request.getTarget().contains("/.well-known/")) {
					return metadata(request);
				}
				return request.getTarget().startsWith("/token") ? token(request) : resource(request);
			}

		});
		try {
			this.server.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public String url(String path) {
		return "http://127.0.0.1:" + this.server.getPort() + path;
	}

	/**
	 * The properties of a client that works, on a busy machine too.
	 */
	public String[] client(String name, String... more) {
		String prefix = "evertoken.clients." + name + ".";
		List<String> properties = new ArrayList<>(
				List.of(prefix + "base-url=" + url("/api"), prefix + "token-uri=" + url("/token"),
						prefix + "client-id=orders", prefix + "client-secret=planted-secret",
						prefix + "response-timeout=30s", prefix + "max-wait=30s", "evertoken.store.timeout=30s"));
		Arrays.stream(more).map((property) -> prefix + property).forEach(properties::add);
		return properties.toArray(String[]::new);
	}

	public void issue() {
		this.mode = "issue";
	}

	public void refuse() {
		this.mode = "refuse";
	}

	public void redirect() {
		this.mode = "redirect";
	}

	/**
	 * Answer 401 to requests with a token, or to those without any if it is
	 * {@code "null"}.
	 */
	public void reject(String authorization) {
		this.rejected.add(authorization);
	}

	/**
	 * Leave {@code WWW-Authenticate} out of every 401.
	 */
	public void refrainFromChallenges() {
		this.challenging = false;
	}

	public void hang() {
		this.mode = "hang";
	}

	/**
	 * Answer token requests otherwise than an OAuth server.
	 */
	public void answer(Function<RecordedRequest, MockResponse> answer) {
		this.answer = answer;
		this.mode = "otherwise";
	}

	/**
	 * Leave requests for a path without an answer.
	 */
	public void hangOn(String path) {
		this.hangOn = path;
	}

	public int hanging() {
		return this.hanging.get();
	}

	public void onToken(Runnable callback) {
		this.onToken = callback;
	}

	public void delay(long millis) {
		this.delayMillis = millis;
	}

	public List<RecordedRequest> tokenRequests() {
		return this.tokenRequests;
	}

	public Map<String, String> form(int index) {
		String body = Objects.requireNonNull(this.tokenRequests.get(index).getBody()).utf8();
		return Arrays.stream(body.split("&"))
			.map((pair) -> pair.split("=", 2))
			.collect(Collectors.toMap((pair) -> decode(pair[0]), (pair) -> decode(pair[1])));
	}

	private static String decode(String text) {
		return URLDecoder.decode(text, StandardCharsets.UTF_8);
	}

	private MockResponse metadata(RecordedRequest request) {
		this.metadataRequests.add(request);
		return this.metadata.get();
	}

	/**
	 * What the well-known locations answer with: 404 by default.
	 */
	public void metadata(Supplier<MockResponse> metadata) {
		this.metadata = metadata;
	}

	/**
	 * The metadata of this server.
	 */
	public MockResponse ownMetadata() {
		return json(200, "{\"issuer\":\"" + url("") + "\",\"token_endpoint\":\"" + url("/token") + "\"}").build();
	}

	public List<RecordedRequest> metadataRequests() {
		return this.metadataRequests;
	}

	private MockResponse token(RecordedRequest request) {
		this.tokenRequests.add(request);
		this.onToken.run();
		MockResponse.Builder response = switch (this.mode) {
			case "refuse" -> json(401, "{\"error\":\"invalid_client\"}");
			case "redirect" -> new MockResponse.Builder().code(302).addHeader("Location", url("/api/elsewhere"));
			case "hang" -> new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE);
			case "otherwise" -> this.answer.apply(request).newBuilder();
			default -> json(200, "{\"access_token\":\"token-" + this.tokenRequests.size()
					+ "\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
		};
		return response.headersDelay(this.delayMillis, TimeUnit.MILLISECONDS).build();
	}

	private static MockResponse.Builder json(int status, String json) {
		return new MockResponse.Builder().code(status).addHeader("Content-Type", "application/json").body(json);
	}

	private MockResponse resource(RecordedRequest request) {
		String authorization = request.getHeaders().get("Authorization");
		if (this.rejected.contains(String.valueOf(authorization))) {
			MockResponse.Builder refusal = new MockResponse.Builder().code(401).body("refused");
			return (this.challenging ? refusal.addHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"")
					: refusal)
				.build();
		}
		return new MockResponse.Builder().addHeader("Content-Type", "text/plain")
			.body((authorization != null) ? authorization : "none")
			.build();
	}

	/**
	 * Call the resource with the application's {@code WebClient}.
	 * @return what it answers
	 */
	public String resource(ApplicationContext context) {
		return context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(url("/api"))
			.retrieve()
			.bodyToMono(String.class)
			.block(TIMEOUT);
	}

	@Override
	public void close() {
		this.server.close();
	}

}
