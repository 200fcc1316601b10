package io.github.evertoken.boot.autoconfigure.connection;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TokenEndpointClients}.
 */
class TokenEndpointClientsTests {

	private final ExecutorService threads = Executors.newFixedThreadPool(2);

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
	}

	/**
	 * The connector locks itself, and then the clients for their factory; the end of the
	 * application once did so the other way round. The two meet a few microseconds after
	 * the call has begun, so the end comes a little later in each of the runs.
	 */
	@Test
	@Tag("race")
	void destroyWhenTheFirstCallComesAtTheSameMomentThenBothEnd() {
		for (int i = 0; i < 2000; i++) {
			long nanos = (i % 200) * 500L;
			TokenEndpointClients clients = new TokenEndpointClients(ClientHttpConnectorBuilder.jdk(),
					HttpClientSettings.defaults(), null);
			WebClient client = clients
				.of(new Connection(Duration.ofSeconds(1), Duration.ofSeconds(1), false, null, null));
			CyclicBarrier start = new CyclicBarrier(2);
			CompletableFuture<Void> call = CompletableFuture.runAsync(() -> {
				await(start);
				client.get()
					.uri("http://127.0.0.1:1/token")
					.exchangeToMono((answer) -> answer.releaseBody())
					.subscribe((none) -> {
					}, (ex) -> {
					});
			}, this.threads);
			CompletableFuture<Void> end = CompletableFuture.runAsync(() -> {
				await(start);
				for (long since = System.nanoTime(); System.nanoTime() - since < nanos;) {
					Thread.onSpinWait();
				}
				clients.destroy();
			}, this.threads);
			assertThat(CompletableFuture.allOf(call, end)).succeedsWithin(1, TimeUnit.MINUTES);
		}
	}

	private static void await(CyclicBarrier start) {
		try {
			start.await(1, TimeUnit.MINUTES);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
