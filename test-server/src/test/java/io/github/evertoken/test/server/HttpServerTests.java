package io.github.evertoken.test.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HttpServer}.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HttpServerTests {

	private final List<HttpRequest> requests = new CopyOnWriteArrayList<>();

	private final HttpServer server = new HttpServer(new HttpServer.Handler() {

		@Override
		public HttpAnswer answer(HttpRequest request) {
			HttpServerTests.this.requests.add(request);
			return HttpAnswer.of(200, "text/plain", new String(request.body(), StandardCharsets.UTF_8));
		}

		@Override
		public Instant now() {
			return Instant.EPOCH;
		}

		@Override
		public void delay(HttpRequest request, Duration delay, BooleanSupplier waits) {
			throw new IllegalStateException();
		}

	});

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void requestsWhenTheyFollowEachOtherThenShareAConnection() throws IOException {
		String answers = exchange("GET /a?b=c HTTP/1.1\r\nHost: x\r\nX: 1\r\nx:2 \r\n\r\n"
				+ "POST /d HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcHEAD /e HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
		assertThat(this.requests).extracting(HttpRequest::toString).containsExactly("GET /a", "POST /d", "HEAD /e");
		assertThat(this.requests.get(0).all("x")).containsExactly("1", "2");
		assertThat(answers.split("(?=HTTP/1.1)")).hasSize(3)
			.allSatisfy((answer) -> assertThat(answer).startsWith("HTTP/1.1 200 \r\n")
				.contains("Date: Thu, 1 Jan 1970 00:00:00 GMT\r\n", "Content-Length: "));
		assertThat(answers).contains("Content-Length: 3\r\n\r\nabc").endsWith("Content-Length: 0\r\n\r\n");
	}

	@Test
	void bodyWhenItIsChunkedOrExpectsToBeAskedForThenIsWhole() throws IOException {
		String answers = exchange("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
				+ "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"
				+ "POST /b HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\nde");
		assertThat(answers).contains("\r\n\r\nabc0123456789HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ").endsWith("de");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\r\n\r\n", "GET\r\n\r\n", "GET / SPDY\r\n\r\n", "GET / HTTP/1.1\r\nno header\r\n\r\n",
			"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
			"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
			"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n",
			"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
			"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
			"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na",
			"POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 1\r\n\r\na",
			"POST / HTTP/1.1\r\nHost: x\r\nX: 1\r\n folded\r\n\r\n" })
	void inputWhenItIsNoHttpThenIsRefused(String input) throws IOException {
		assertRefused(exchange(input + "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
	}

	/**
	 * RFC 9112, section 3.2.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "", "Host: x\r\nHost: x\r\n", "Host: x/y\r\n", "Host: a b\r\n", "Host: x:y\r\n",
			"Host: u@x\r\n", "Host: [::1\r\n" })
	void requestWhenItDoesNotNameOneHostThenIsRefused(String header) throws IOException {
		assertRefused(exchange("POST / HTTP/1.1\r\n" + header + "Content-Length: 1\r\n\r\na"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET / HTTP/1.0\r\n", "GET / HTTP/1.1\r\nHost:\r\n",
			"GET / HTTP/1.1\r\nhost: [::1]:80\r\n", "GET / HTTP/1.1\r\nHost: a-b.example:\r\n" })
	void requestWhenItNamesOneHostOrIsOlderThenIsAnswered(String head) throws IOException {
		assertThat(exchange(head + "Connection: close\r\n\r\n")).startsWith("HTTP/1.1 200 ");
	}

	private void assertRefused(String answer) {
		assertThat(answer).startsWith("HTTP/1.1 400 ")
			.contains("\r\nConnection: close\r\n")
			.containsOnlyOnce("HTTP/1.1");
		assertThat(this.requests).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5",
			"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc", "\u0016\u0003\u0001" })
	void inputWhenItBreaksOffThenTheConnectionIsClosed(String input) throws IOException {
		assertThat(exchange(input)).isEmpty();
		assertThat(this.requests).isEmpty();
	}

	private String exchange(String input) throws IOException {
		try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), this.server.port())) {
			socket.getOutputStream().write(input.getBytes(StandardCharsets.ISO_8859_1));
			socket.shutdownOutput();
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
		}
	}

	/**
	 * All are open before the first one says anything.
	 */
	@Test
	void connectionsWhenAThousandAreOpenAtOnceThenAllAreAnswered() throws IOException {
		List<Socket> sockets = new ArrayList<>();
		try {
			for (int i = 0; i < 1_000; i++) {
				sockets.add(new Socket(InetAddress.getByName("127.0.0.1"), this.server.port()));
			}
			for (Socket socket : sockets) {
				socket.getOutputStream()
					.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
						.getBytes(StandardCharsets.US_ASCII));
			}
			for (Socket socket : sockets) {
				assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
					.startsWith("HTTP/1.1 200 ");
			}
			assertThat(this.requests).hasSize(1_000);
		}
		finally {
			for (Socket socket : sockets) {
				socket.close();
			}
		}
	}

	@Test
	void requestsWhenHundredsComeAtOnceThenAllAreAnswered() {
		HttpClient client = HttpClient.newHttpClient();
		URI uri = URI.create("http://127.0.0.1:" + this.server.port() + "/");
		List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			java.net.http.HttpRequest request = java.net.http.HttpRequest.newBuilder(uri)
				.POST(BodyPublishers.ofString("body " + i))
				.build();
			all.add(client.sendAsync(request, BodyHandlers.ofString()));
		}
		for (int i = 0; i < all.size(); i++) {
			assertThat(all.get(i).join().body()).isEqualTo("body " + i);
		}
	}

	@Test
	void closeThenConnectionsAreRefusedFromThenOn() {
		for (int i = 0; i < 500; i++) {
			AuthorizationServer closed = AuthorizationServer.forClients("inventory");
			int port = URI.create(closed.issuer()).getPort();
			closed.close();
			assertThatExceptionOfType(ConnectException.class)
				.isThrownBy(() -> new Socket(InetAddress.getByName("127.0.0.1"), port).close());
		}
	}

}
