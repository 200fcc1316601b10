package io.github.evertoken.boot.autoconfigure.connection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How a client reaches its token endpoint. Clients that do so in the same way share their
 * connections.
 *
 * @param connectTimeout how long connecting may take
 * @param answerTimeout how long an answer may take: longer than anybody waits for it, so
 * that no connector ends a request by itself
 * @param secure whether the endpoint is known to be one with TLS
 * @param sslBundle the name of an SSL bundle, or {@code null} for that of Spring Boot's
 * own settings
 * @param proxy the proxy, or {@code null} for none
 */
record Connection(Duration connectTimeout, Duration answerTimeout, boolean secure, @Nullable String sslBundle,
		Connection.@Nullable Proxy proxy) {

	/**
	 * An HTTP proxy.
	 *
	 * @param host its host
	 * @param port its port
	 * @param username who asks it, or {@code null} for anybody
	 * @param password the password of that user, or {@code null}
	 */
	record Proxy(String host, int port, @Nullable String username, @Nullable String password) {

		/**
		 * Without user and password.
		 */
		@Override
		public String toString() {
			return this.host + ":" + this.port;
		}

	}

}
