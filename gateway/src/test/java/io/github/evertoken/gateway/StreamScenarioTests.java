package io.github.evertoken.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.evertoken.test.server.AuthorizationServer;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A gigabyte through a gateway, in a process that has room for a fraction of it, on the
 * heap and beside it.
 */
class StreamScenarioTests {

	private static final int PIECE = 256 * 1024;

	private static final int PIECES = 4 * 1024;

	private static final long GIGABYTE = (long) PIECES * PIECE;

	@RegisterExtension
	private static final AuthorizationServer tokens = AuthorizationServer.forClients("gateway");

	@RegisterExtension
	private static final Upstream upstream = new Upstream(tokens);

	private static Gateway gateway;

	@BeforeAll
	static void start() {
		List<String> properties = new ArrayList<>(Gateway.client(upstream, "inventory"));
		properties.addAll(Gateway.route(0, "inventory", upstream.url(""), "/inventory", "Evertoken=inventory"));
		gateway = Gateway.start(Nothing.class, properties);
	}

	@AfterAll
	static void stop() {
		gateway.close();
	}

	@Test
	@Tag("GW-4")
	void streamsThenTakeNoMoreThanAFractionOfWhatGoesThrough() {
		Runtime runtime = Runtime.getRuntime();
		assertThat(runtime.maxMemory()).isLessThan(GIGABYTE / 3);
		assertThat(io.netty.util.internal.PlatformDependent.maxDirectMemory()).isLessThan(GIGABYTE / 3);
	}

	@Test
	@Tag("GW-4")
	void downloadThenIsStreamed() {
		byte[] piece = new byte[PIECE];
		upstream.handle("/inventory/down",
				(request, response) -> response.send(Flux.range(0, PIECES).map((i) -> Unpooled.wrappedBuffer(piece))));
		HttpResponse<InputStream> response = gateway.send(gateway.request("/inventory/down").build(),
				BodyHandlers.ofInputStream());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(length(response.body())).isEqualTo(GIGABYTE);
	}

	@Test
	@Tag("GW-4")
	void uploadThenIsStreamedOnceThoughItsTokenIsRejectedAtTheEnd() {
		AtomicLong length = new AtomicLong();
		AtomicInteger attempts = new AtomicInteger();
		upstream.handle("/inventory/up", (request, response) -> {
			attempts.incrementAndGet();
			return request.receive()
				.doOnNext((buffer) -> length.addAndGet(buffer.readableBytes()))
				.then(Mono.from(response.status(401).sendString(Mono.just("refused"))));
		});
		HttpResponse<String> response = gateway.post("/inventory/up", BodyPublishers.ofInputStream(Gigabyte::new));
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.body()).isEqualTo("refused");
		assertThat(length).hasValue(GIGABYTE);
		assertThat(attempts).hasValue(1);
	}

	private static long length(InputStream body) {
		try (body) {
			return body.transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

	/**
	 * So many zeros.
	 */
	private static final class Gigabyte extends InputStream {

		private long left = GIGABYTE;

		@Override
		public int read() {
			return (this.left-- > 0) ? 0 : -1;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) {
			if (this.left <= 0) {
				return -1;
			}
			int read = (int) Math.min(length, this.left);
			this.left -= read;
			return read;
		}

	}

}
