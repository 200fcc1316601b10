package io.github.evertoken.web;

import java.util.List;

import mockwebserver3.MockResponse;
import org.awaitility.Awaitility;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ArrayByteBufferPool.Tracking.TrackedBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.http.client.reactive.JettyClientHttpConnector;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lets Jetty's buffer pool keep account of every buffer. The buffers of the JDK's client
 * need no release, so that none of them can leak.
 */
@Tag("RJ-5")
@Tag("RJ-7")
class JettyLeakTests extends LeakScenarios {

	/**
	 * So many buffers Jetty itself may have lost, which is by far not one in each call.
	 */
	private static final int FEW = TIMES / 5;

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
		Awaitility.await()
			.untilAsserted(() -> assertThat(unreleased()).as(this.pool::dumpLeaks).hasSizeLessThanOrEqualTo(FEW));
	}

	/**
	 * Jetty itself loses a buffer in about one of three runs, without the filter too: all
	 * who have read from it have released it, but its connection has not. What counts
	 * here is a buffer that its connection has released. Now and then a call that is
	 * cancelled at the very moment at which its answer comes loses one of those too; what
	 * the filter does not release is lost in all calls of its kind.
	 */
	private List<TrackedBuffer> unreleased() {
		return this.pool.getLeaks().stream().filter(JettyLeakTests::isReleasedByItsConnection).toList();
	}

	private static boolean isReleasedByItsConnection(TrackedBuffer buffer) {
		String dump = buffer.dump();
		return dump.indexOf("NetworkBuffer(", dump.indexOf("retain(s)")) >= 0;
	}

	@Test
	void leaksWhenBuffersAreNotReleasedThenHasThem() throws Exception {
		WebClient webClient = watched().baseUrl(this.server.url("/").toString()).build();
		for (int i = 0; i < TIMES; i++) {
			this.server.enqueue(new MockResponse.Builder().body("x").build());
			webClient.get()
				.exchangeToFlux((response) -> response.body(BodyExtractors.toDataBuffers()))
				.collectList()
				.block(LIMIT);
		}
		this.httpClient.stop();
		assertThat(unreleased()).hasSizeGreaterThan(FEW);
	}

}
