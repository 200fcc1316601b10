package io.github.evertoken.test.support;

import java.time.Duration;

import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Builds {@link WebClient}s for a test of many concurrent calls.
 * <p>
 * Reactor Netty's default pool has room for 500 connections and for twice as many calls
 * that wait for one; the next call fails with a {@code PoolAcquirePendingLimitException}.
 * For a thousand calls and more, and so that a test with one thread per connection on the
 * server's side stays light, a client here has 200 connections and a queue for 100,000
 * calls that wait up to a minute. It repeats no request by itself.
 */
public final class TestWebClients {

	private static final int MAX_CONNECTIONS = 200;

	private static final int MAX_WAITING = 100_000;

	private TestWebClients() {
	}

	/**
	 * Return a builder with a connection pool of its own, which its idle connections
	 * leave after a second.
	 * @return a builder
	 */
	public static WebClient.Builder builder() {
		return builder(MAX_CONNECTIONS);
	}

	/**
	 * Return a builder with a connection pool of its own.
	 * @param maxConnections the size of the pool
	 * @return a builder
	 */
	public static WebClient.Builder builder(int maxConnections) {
		ConnectionProvider connections = ConnectionProvider.builder("test")
			.maxConnections(maxConnections)
			.pendingAcquireMaxCount(MAX_WAITING)
			.pendingAcquireTimeout(Duration.ofMinutes(1))
			.maxIdleTime(Duration.ofSeconds(1))
			.evictInBackground(Duration.ofSeconds(1))
			.disposeTimeout(Duration.ZERO)
			.build();
		HttpClient httpClient = HttpClient.create(connections).disableRetry(true);
		return WebClient.builder().clientConnector(new ReactorClientHttpConnector(httpClient));
	}

}
