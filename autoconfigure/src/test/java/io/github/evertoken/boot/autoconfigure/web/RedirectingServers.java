package io.github.evertoken.boot.autoconfigure.web;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.test.server.AuthorizationServer;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An authorization server, a resource server that redirects, and another one that it may
 * redirect to.
 */
abstract class RedirectingServers {

	/**
	 * Whether the JDK's client leaves the token behind.
	 */
	static final boolean SAFE = Runtime.version().feature() >= 25;

	@RegisterExtension
	final AuthorizationServer server = TestClients.server();

	final MockWebServer moved = new MockWebServer();

	final MockWebServer elsewhere = new MockWebServer();

	@BeforeEach
	void startServers() throws IOException {
		this.moved.start();
		this.elsewhere.start();
	}

	@AfterEach
	void stopServers() {
		this.moved.close();
		this.elsewhere.close();
	}

	String url() {
		return "http://127.0.0.1:" + this.moved.getPort() + "/moved";
	}

	void redirect(int status, String location) {
		this.moved.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				return request.getTarget().equals("/moved")
						? new MockResponse.Builder().code(status).addHeader("Location", location).build()
						: new MockResponse.Builder().body("here").build();
			}

		});
		this.elsewhere.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				return new MockResponse.Builder().body("elsewhere").build();
			}

		});
	}

	/**
	 * Return which access token the next request had, if it had one and there was one.
	 */
	String accessToken(MockWebServer server) throws InterruptedException {
		RecordedRequest request = server.takeRequest(0, TimeUnit.SECONDS);
		if (request == null) {
			return "not sent";
		}
		String authorization = request.getHeaders().get("Authorization");
		return (authorization == null) ? "none"
				: "access token " + this.server.accessTokenNumber(authorization.substring("Bearer ".length()));
	}

}
