package io.github.evertoken.web;

import io.github.evertoken.test.Rule;
import mockwebserver3.MockResponse;
import org.awaitility.Awaitility;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

import org.springframework.http.client.reactive.JettyClientHttpConnector;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lets Jetty's buffer pool keep account of every buffer. The buffers of the JDK's client
 * need no release, so that none of them can leak.
 */
@Rule({ "RJ-5", "RJ-7" })
@Disabled("Jetty at times loses account of a buffer whose response is cut short, without the filter too")
class JettyLeakTests extends LeakScenarios {

	private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();

	private final HttpClient httpClient = new HttpClient();

	@Override
	WebClient.Builder watched() {
		this.httpClient.setByteBufferPool(this.pool);
		this.httpClient.setMaxConnectionsPerDestination(1);
		return WebClient.builder().clientConnector(new JettyClientHttpConnector(this.httpClient));
	}

	@AfterEach
	void stop() throws Exception {
		this.httpClient.stop();
	}

	/**
	 * A connection gives its buffer back when it has nothing more to read.
	 */
	@Override
	void assertThatNothingLeaks() {
		Awaitility.await().untilAsserted(() -> assertThat(this.pool.getLeaks()).as(this.pool::dumpLeaks).isEmpty());
	}

	@Test
	void leaksWhenABufferIsNotReleasedThenHasIt() throws Exception {
		this.server.enqueue(new MockResponse.Builder().body("x").build());
		watched().baseUrl(this.server.url("/").toString())
			.build()
			.get()
			.exchangeToFlux((response) -> response.body(BodyExtractors.toDataBuffers()))
			.collectList()
			.block(LIMIT);
		this.httpClient.stop();
		assertThat(this.pool.getLeaks()).isNotEmpty();
	}

}
