package io.github.evertoken.test;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * A resource server that accepts the tokens of a {@link TestAuthorizationServer}: 200
 * with the name of the token for those that are active, 401 with
 * {@code error="invalid_token"} (RFC 6750, section 3.1) for others.
 * <p>
 * It is thread-safe, may be told something new at any time and copes with a thousand
 * connections at once; see {@link TestWebClients} for the client's side.
 */
public final class TestResourceServer implements AutoCloseable {

	private final TestAuthorizationServer authorizationServer;

	private final MockWebServer server;

	private final AtomicInteger requests = new AtomicInteger();

	private final AtomicInteger unauthorized = new AtomicInteger();

	private volatile boolean refusing;

	private volatile Duration latency = Duration.ZERO;

	private TestResourceServer(TestAuthorizationServer authorizationServer) {
		this.authorizationServer = authorizationServer;
		this.server = TestServers.start(new Resource());
	}

	/**
	 * Start a server on a free port of the loopback interface.
	 * @param authorizationServer whose tokens it accepts
	 * @return a running server; close it
	 */
	public static TestResourceServer start(TestAuthorizationServer authorizationServer) {
		return new TestResourceServer(authorizationServer);
	}

	/**
	 * Return the root of the server.
	 * @return the absolute URI
	 */
	public URI uri() {
		return this.server.url("/").uri();
	}

	/**
	 * Refuse every token, or accept the active ones again.
	 * @param refusing whether to refuse
	 */
	public void refuseEveryToken(boolean refusing) {
		this.refusing = refusing;
	}

	/**
	 * Take some time before each answer. Whether the token is accepted is decided before.
	 * @param latency how long, zero by default
	 */
	public void latency(Duration latency) {
		this.latency = latency;
	}

	/**
	 * Return how many requests have come.
	 * @return the number
	 */
	public int requests() {
		return this.requests.get();
	}

	/**
	 * Return how many requests were answered with 401.
	 * @return the number
	 */
	public int unauthorized() {
		return this.unauthorized.get();
	}

	@Override
	public void close() {
		this.server.close();
	}

	private MockResponse answer(RecordedRequest request) {
		this.requests.incrementAndGet();
		String token = bearerToken(request);
		String name = (token != null && !this.refusing && this.authorizationServer.isActive(token))
				? this.authorizationServer.nameOf(token) : null;
		MockResponse.Builder response = (name != null) ? ok(name) : unauthorized(token);
		return response.headersDelay(this.latency.toNanos(), TimeUnit.NANOSECONDS).build();
	}

	private static @Nullable String bearerToken(RecordedRequest request) {
		String header = request.getHeaders().get("Authorization");
		return (header != null && header.startsWith("Bearer ")) ? header.substring("Bearer ".length()) : null;
	}

	private static MockResponse.Builder ok(String name) {
		return new MockResponse.Builder().addHeader("Content-Type", "text/plain").body(name);
	}

	private MockResponse.Builder unauthorized(@Nullable String token) {
		this.unauthorized.incrementAndGet();
		// A request without a token gets no error code (RFC 6750, section 3.1).
		return new MockResponse.Builder().code(401)
			.addHeader("WWW-Authenticate", (token != null) ? "Bearer error=\"invalid_token\"" : "Bearer");
	}

	private final class Resource extends Dispatcher {

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			return answer(request);
		}

	}

}
