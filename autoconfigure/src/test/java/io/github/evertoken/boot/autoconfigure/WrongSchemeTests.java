package io.github.evertoken.boot.autoconfigure;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for token endpoints that are reached by the wrong scheme, with each HTTP client
 * that Spring Boot knows.
 */
class WrongSchemeTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private final MockWebServer plain = new MockWebServer();

	private final MockWebServer secure = new MockWebServer();

	private volatile MockResponse answer = new MockResponse.Builder().code(404).build();

	@BeforeEach
	void startServers() throws IOException {
		HeldCertificate certificate = new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
		this.secure
			.useHttps(new HandshakeCertificates.Builder().heldCertificate(certificate).build().sslSocketFactory());
		this.plain.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				return WrongSchemeTests.this.answer;
			}

		});
		this.plain.start();
		this.secure.start();
	}

	@AfterEach
	void stopServers() {
		this.plain.close();
		this.secure.close();
	}

	private TokenException failure(String connector, String... properties) {
		TokenException[] failure = new TokenException[1];
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class,
					HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class))
			.withPropertyValues("spring.http.clients.reactive.connector=" + connector,
					"spring.reactor.netty.shutdown-quiet-period=100ms",
					"evertoken.clients.inventory.base-url=https://inventory.internal",
					"evertoken.clients.inventory.connect-timeout=20s", "evertoken.clients.inventory.retry.patience=0s",
					"evertoken.clients.inventory.response-timeout=30s", "evertoken.clients.inventory.max-wait=30s",
					"evertoken.clients.inventory.client-id=orders",
					"evertoken.clients.inventory.client-secret=planted-secret")
			.withPropertyValues(properties)
			.run((context) -> failure[0] = (TokenException) context.getBean(TokenManager.class)
				.token(TokenKey.of("inventory"))
				.materialize()
				.block(TIMEOUT)
				.getThrowable());
		return failure[0];
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	void tokenWhenAnHttpsEndpointIsPlainAndHangsUpThenAsksForThat(String connector) throws Exception {
		try (AnsweringSocket server = new AnsweringSocket("")) {
			TokenException failure = failure(connector,
					"evertoken.clients.inventory.token-uri=https://localhost:" + server.port() + "/token");
			assertThat(failure.reason()).contains("plain http at this port").contains("URL begins with http:");
		}
	}

	/**
	 * Tomcat, nginx and others answer a TLS handshake with a 400.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	void tokenWhenAnHttpsEndpointAnswersInPlainHttpThenSaysSo(String connector) throws Exception {
		try (AnsweringSocket server = new AnsweringSocket("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")) {
			TokenException failure = failure(connector,
					"evertoken.clients.inventory.token-uri=https://localhost:" + server.port() + "/token");
			assertThat(failure.reason()).contains("speaks plain http at this port");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	void tokenWhenAnHttpEndpointSpeaksTlsThenAsksForThat(String connector) {
		TokenException failure = failure(connector,
				"evertoken.clients.inventory.token-uri=http://localhost:" + this.secure.getPort() + "/token");
		assertThat(failure.reason()).contains("https at this port").contains("URL begins with https:");
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	void tokenWhenAnHttpEndpointHangsUpThenAsksForHttps(String connector) throws Exception {
		try (AnsweringSocket server = new AnsweringSocket("")) {
			TokenException failure = failure(connector,
					"evertoken.clients.inventory.token-uri=http://localhost:" + server.port() + "/token");
			assertThat(failure.reason()).contains("https at this port").contains("URL begins with https:");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "400 The plain HTTP request was sent to HTTPS port",
			"You're speaking plain HTTP to an SSL-enabled server port.",
			"Bad Request\nThis combination of host and port requires TLS.",
			"Client sent an HTTP request to an HTTPS server." })
	void tokenWhenAnHttpEndpointSaysThatItWantsTlsThenSaysSo(String body) {
		this.answer = new MockResponse.Builder().code(400).body(body).build();
		TokenException failure = failure("reactor",
				"evertoken.clients.inventory.token-uri=http://localhost:" + this.plain.getPort() + "/token");
		assertThat(failure.reason()).endsWith("that it speaks https at this port, so that the URL begins with https:");
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	void tokenWhenTheSchemeIsRightThenAsksForNone(String connector) throws Exception {
		try (Socket deaf = new Socket()) {
			// Taken, so that no server of another process listens there meanwhile.
			deaf.bind(new InetSocketAddress(0));
			for (String uri : List.of("http://localhost:" + deaf.getLocalPort(),
					"https://localhost:" + deaf.getLocalPort(), "https://localhost:" + this.secure.getPort())) {
				TokenException failure = failure(connector, "evertoken.clients.inventory.token-uri=" + uri + "/token");
				assertThat(failure.reason()).as("a refused connection, a certificate that nobody trusts")
					.contains("could not be reached")
					.doesNotContain("at this port");
			}
		}
	}

	/**
	 * Reads the beginning of a request and answers with some bytes, which the client has
	 * read when it closes the connection. If there are none, hangs up.
	 */
	private static final class AnsweringSocket implements AutoCloseable {

		private final ServerSocket server = new ServerSocket(0);

		AnsweringSocket(String answer) throws IOException {
			Thread thread = new Thread(() -> answer(answer), "answering-socket");
			thread.setDaemon(true);
			thread.start();
		}

		private void answer(String answer) {
			while (!this.server.isClosed()) {
				try (Socket socket = this.server.accept()) {
					socket.getInputStream().read(new byte[16 * 1024]);
					socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
					if (!answer.isEmpty()) {
						socket.setSoTimeout((int) TIMEOUT.toMillis());
						socket.getInputStream().transferTo(OutputStream.nullOutputStream());
					}
				}
				catch (IOException ex) {
					// The next one, or the end.
				}
			}
		}

		int port() {
			return this.server.getLocalPort();
		}

		@Override
		public void close() throws IOException {
			this.server.close();
		}

	}

}
