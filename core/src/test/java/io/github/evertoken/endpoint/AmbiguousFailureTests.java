package io.github.evertoken.endpoint;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.net.ssl.SSLHandshakeException;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.discovery.AuthorizationServerMetadataSource;
import io.github.evertoken.test.RawServer;
import io.github.evertoken.test.RawServer.Answer;
import io.github.evertoken.test.RawServer.End;
import io.github.evertoken.test.TestHttpClient;
import io.github.evertoken.test.support.DeafPort;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests that a failure tells whether the token endpoint may have acted upon the request,
 * with every HTTP client.
 */
@Tag("LC-3")
class AmbiguousFailureTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final int MOST_TRIES = 10;

	private static final TokenKey KEY = TokenKey.of("inventory");

	private static final byte[] TOKENS = "{\"access_token\":\"a1\",\"refresh_token\":\"r2\"}"
		.getBytes(StandardCharsets.UTF_8);

	private static final byte[] ERROR = "{\"error\":\"server_error\"}".getBytes(StandardCharsets.UTF_8);

	private static final byte[] TLS_WANTED = "The plain HTTP request was sent to HTTPS port"
		.getBytes(StandardCharsets.UTF_8);

	private RawServer server = new RawServer();

	@AfterEach
	void stop() throws IOException {
		this.server.close();
	}

	@ParameterizedTest
	@MethodSource("unfinished")
	void issueWhenAnswerBreaksOffThenAmbiguous(TestHttpClient client, String what, Answer answer) {
		this.server.enqueue(answer);
		TransientTokenException ex = failure(client.webClient(), this.server.uri("/token"));
		assertThat(ex.ambiguous()).as("%s: %s", what, ex).isTrue();
		assertThat(this.server.requests()).hasSize(1);
	}

	static Stream<Arguments> unfinished() {
		return cases((client) -> Stream.of(Arguments.of(client, "closed", Answer.none(End.CLOSE)),
				Arguments.of(client, "reset", Answer.none(End.RESET)),
				Arguments.of(client, "torn head",
						new Answer("HTTP/1.1 200 OK\r\nContent-Ty".getBytes(StandardCharsets.UTF_8), End.CLOSE)),
				Arguments.of(client, "no HTTP",
						new Answer("220 mail ready\r\n".getBytes(StandardCharsets.UTF_8), End.CLOSE)),
				Arguments.of(client, "torn body",
						Answer.torn("HTTP/1.1 200 OK", "Content-Type: application/json\n", TOKENS, TOKENS.length + 9,
								End.CLOSE)),
				Arguments.of(client, "torn chunk",
						new Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{\"acc"
							.getBytes(StandardCharsets.UTF_8), End.CLOSE)),
				Arguments.of(client, "torn error", Answer.torn("HTTP/1.1 400 Bad Request", "", TOKENS, 900, End.RESET)),
				Arguments.of(client, "too long", Answer.of("HTTP/1.1 200 OK", "", new byte[70_000]))));
	}

	@ParameterizedTest
	@EnumSource
	void issueWhenAnswerTakesTooLongThenAmbiguous(TestHttpClient client) {
		TransientTokenException ex;
		int tries = 0;
		do {
			this.server.enqueue(Answer.none(End.STALL));
			ex = failure(client.webClient(Duration.ofMillis(300)), this.server.uri("/token"));
		}
		while (!hasTokenRequest() && ++tries < MOST_TRIES);
		assertThat(ex.ambiguous()).as(ex.toString()).isTrue();
	}

	/**
	 * On a machine that stands still, a time may be over before the request is sent, or
	 * another one before it waits for its turn. Such a try says nothing.
	 */
	private boolean hasTokenRequest() {
		return this.server.requests().stream().anyMatch((request) -> request.startsWith("POST /token "));
	}

	@ParameterizedTest
	@MethodSource("whole")
	void issueWhenAnswerWasReadWholeThenNotAmbiguous(TestHttpClient client, Answer answer) {
		this.server.enqueue(answer);
		TransientTokenException ex = failure(client.webClient(), this.server.uri("/token"));
		assertThat(ex.ambiguous()).as(ex.toString()).isFalse();
	}

	static Stream<Arguments> whole() {
		return cases((client) -> Stream.of(Arguments.of(client, Answer.of("HTTP/1.1 503 Busy", "", TOKENS)),
				Arguments.of(client, Answer.of("HTTP/1.1 429 Busy", "Retry-After: 7\n", new byte[0])),
				Arguments.of(client, Answer.of("HTTP/1.1 302 Found", "Location: /\n", new byte[0])),
				Arguments.of(client, Answer.of("HTTP/1.1 500 Broken", "", new byte[0])),
				Arguments.of(client, Answer.of("HTTP/1.1 502 Bad Gateway", "", ERROR)),
				Arguments.of(client, Answer.of("HTTP/1.1 504 Gateway Timeout", "", ERROR)),
				Arguments.of(client, Answer.of("HTTP/1.1 200 OK", "", ERROR)),
				Arguments.of(client, Answer.of("HTTP/1.1 400 Bad Request", "", TLS_WANTED))));
	}

	/**
	 * The issuer may have redeemed the refresh token, and its answer was lost on the way
	 * by somebody who speaks HTTP.
	 */
	@ParameterizedTest
	@MethodSource("unreadable")
	void issueWhenAnswerSaysNothingOfTheRequestThenAmbiguous(TestHttpClient client, Answer answer) {
		this.server.enqueue(answer);
		TransientTokenException ex = failure(client.webClient(), this.server.uri("/token"));
		assertThat(ex.ambiguous()).as(ex.toString()).isTrue();
		assertThat(this.server.requests()).hasSize(1);
	}

	static Stream<Arguments> unreadable() {
		byte[] half = Arrays.copyOf(TOKENS, TOKENS.length / 2);
		byte[] page = "<html>Maintenance</html>".getBytes(StandardCharsets.UTF_8);
		return cases((client) -> Stream.of(Arguments.of(client, Answer.of("HTTP/1.1 200 OK", "", new byte[0])),
				Arguments.of(client, Answer.of("HTTP/1.1 204 No Content", "", new byte[0])),
				Arguments.of(client, Answer.of("HTTP/1.1 200 OK", "Content-Type: application/json\n", half)),
				Arguments.of(client, Answer.of("HTTP/1.1 200 OK", "Content-Type: text/html\n", page)),
				Arguments.of(client, Answer.of("HTTP/1.1 200 OK", "", "[]".getBytes(StandardCharsets.UTF_8))),
				Arguments.of(client, Answer.of("HTTP/1.1 502 Bad Gateway", "Content-Type: text/html\n", page)),
				Arguments.of(client, Answer.of("HTTP/1.1 504 Gateway Timeout", "Retry-After: 1\n", new byte[0])),
				Arguments.of(client, Answer.of("HTTP/1.1 520 Unknown", "", new byte[0])),
				Arguments.of(client, Answer.of("HTTP/1.1 524 A Timeout Occurred", "", new byte[0]))));
	}

	@ParameterizedTest
	@EnumSource
	void issueWhenConnectionIsRefusedThenNotAmbiguous(TestHttpClient client) {
		assertNotSent(failure(client.webClient(), URI.create("http://localhost:" + DeafPort.get() + "/token")));
	}

	@ParameterizedTest
	@EnumSource
	void issueWhenHostIsUnknownThenNotAmbiguous(TestHttpClient client) {
		assertNotSent(failure(client.webClient(), URI.create("http://idp.invalid/token")));
	}

	@ParameterizedTest
	@EnumSource
	void issueWhenTlsFailsThenNotAmbiguous(TestHttpClient client) throws IOException {
		try (RefusingTlsServer tls = new RefusingTlsServer()) {
			assertNotSent(failure(client.webClient(), URI.create("https://localhost:" + tls.port() + "/token")));
		}
	}

	@ParameterizedTest
	@EnumSource
	void issueWhenProxyRefusesThenNotAmbiguous(TestHttpClient client) {
		this.server.enqueue(Answer.of("HTTP/1.1 403 Forbidden", "", new byte[0]));
		WebClient webClient = client.webClientBehind(new InetSocketAddress("localhost", this.server.port()));
		assertNotSent(failure(webClient, URI.create("https://idp.example/token")));
		assertThat(this.server.requests()).singleElement().asString().startsWith("CONNECT idp.example:443 ");
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "JDK")
	void issueWhenPoolHasNoConnectionThenNotAmbiguous(TestHttpClient client) throws IOException {
		TransientTokenException ex = failureWithoutConnection(client);
		for (int i = 1; i < MOST_TRIES && hasTokenRequest(); i++) {
			this.server.close();
			this.server = new RawServer();
			ex = failureWithoutConnection(client);
		}
		assertNotSent(ex);
	}

	private TransientTokenException failureWithoutConnection(TestHttpClient client) {
		this.server.enqueue(Answer.none(End.STALL)).enqueue(Answer.none(End.STALL));
		// Apache's pool looks at who waits too long only when a connection comes back.
		WebClient webClient = client.webClient((client == TestHttpClient.APACHE) ? Duration.ofSeconds(1) : TIMEOUT);
		Disposable first = send(webClient, "/slow");
		Awaitility.await().until(() -> this.server.requests().size() == 1);
		// Jetty's refuses only who finds its queue full.
		Disposable second = (client == TestHttpClient.JETTY) ? send(webClient, "/queued") : first;
		TransientTokenException ex = failure(webClient, this.server.uri("/token"));
		first.dispose();
		second.dispose();
		return ex;
	}

	private Disposable send(WebClient webClient, String path) {
		return webClient.get().uri(this.server.uri(path)).retrieve().toBodilessEntity().onErrorComplete().subscribe();
	}

	/**
	 * With TLS 1.3 that is told to a client that has sent its request already.
	 */
	@Test
	void mayHaveArrivedWhenServerRefusesTheCertificateThenIsFalse() {
		URI uri = this.server.enqueue(Answer.of("HTTP/1.1 200 OK", "", new byte[0])).uri("/token");
		Transmission transmission = new Transmission();
		assertThat(transmission.mayHaveArrived(new IOException("closed"))).isFalse();
		TestHttpClient.JDK.webClient()
			.post()
			.uri(uri)
			.body(transmission.of(TokenRequestFormat.FORM.body(MultiValueMap.fromSingleValue(Map.of("a", "b")))))
			.retrieve()
			.toBodilessEntity()
			.block(TIMEOUT);
		assertThat(transmission.mayHaveArrived(new IOException("closed"))).isTrue();
		assertThat(transmission.mayHaveArrived(new WebClientRequestException(
				new SSLHandshakeException("bad_certificate"), HttpMethod.POST, uri, new HttpHeaders())))
			.isFalse();
	}

	@Test
	void endpointThenIsTheTokenEndpointOrTheIssuer() {
		URI uri = URI.create("https://idp.example/token");
		Supplier<OAuth2TokenIssuer.Builder> builder = () -> OAuth2TokenIssuer.builder(WebClient.create())
			.clientAuthentication(ClientAuthentication.none("app"));
		AuthorizationServerMetadataSource discovery = AuthorizationServerMetadataSource.discover(WebClient.create(),
				"https://idp.example/realm");
		AuthorizationServerMetadataSource own = (key) -> discovery.metadata(key);
		assertThat(builder.get().tokenUri(uri).build().endpoint()).isEqualTo(uri);
		assertThat(builder.get().tokenUri(uri).metadata(discovery).build().endpoint()).isEqualTo(uri);
		assertThat(builder.get().metadata(discovery).build().endpoint()).isEqualTo("https://idp.example/realm");
		assertThat(builder.get().metadata(own).build().endpoint()).isSameAs(own);
	}

	private static Stream<Arguments> cases(Function<TestHttpClient, Stream<Arguments>> ofClient) {
		return Stream.of(TestHttpClient.values()).flatMap(ofClient);
	}

	private static void assertNotSent(TransientTokenException ex) {
		assertThat(ex.ambiguous()).as(ex.toString()).isFalse();
	}

	private static TransientTokenException failure(WebClient webClient, URI uri) {
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(webClient)
			.tokenUri(uri)
			.clientAuthentication(ClientAuthentication.clientSecretBasic("app", "secret"))
			.build();
		TokenException ex = catchThrowableOfType(TokenException.class,
				() -> issuer.issue(new TokenRequest(KEY, Trigger.USE, "r1")).block(TIMEOUT));
		assertThat(ex).isInstanceOf(TransientTokenException.class);
		return (TransientTokenException) ex;
	}

	/**
	 * A server that closes each connection as soon as the client has said hello.
	 */
	private static final class RefusingTlsServer implements AutoCloseable {

		private final ServerSocket socket = new ServerSocket(0);

		RefusingTlsServer() throws IOException {
			Thread thread = new Thread(this::refuse, "refusing-tls-server");
			thread.setDaemon(true);
			thread.start();
		}

		int port() {
			return this.socket.getLocalPort();
		}

		private void refuse() {
			try {
				for (;;) {
					try (Socket connection = this.socket.accept()) {
						connection.getInputStream().read();
						// A fatal alert: handshake_failure.
						connection.getOutputStream().write(new byte[] { 21, 3, 3, 0, 2, 2, 40 });
					}
				}
			}
			catch (IOException ex) {
				// Closed.
			}
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
		}

	}

}
