package io.github.evertoken.boot.autoconfigure.connection;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JettyClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.ClientHttpConnector;

/**
 * Makes connectors that have connections of their own: a resource server that is slow to
 * answer leaves none of the application's for the request that it waits for. They keep no
 * cookies either, which would tie one login to the next. Each HTTP client has its way to
 * that, and to a proxy.
 */
interface ConnectorFactory {

	/**
	 * Make a connector.
	 * @param settings time-outs and the SSL bundle
	 * @param connection what else is to be known
	 * @return a connector; close it
	 */
	OpenConnector create(HttpClientSettings settings, Connection connection);

	/**
	 * Tell whether the connectors can go through a proxy.
	 */
	default boolean supportsProxy() {
		return true;
	}

	/**
	 * Close what the connectors share.
	 */
	default void close() {
	}

	/**
	 * Return the factory for the HTTP client of the application. Each of them is loaded
	 * only where its HTTP client is there.
	 */
	static ConnectorFactory of(ClientHttpConnectorBuilder<?> builder) {
		if (builder instanceof ReactorClientHttpConnectorBuilder reactor) {
			return new ReactorNettyConnectorFactory(reactor);
		}
		if (builder instanceof JdkClientHttpConnectorBuilder jdk) {
			return new JdkConnectorFactory(jdk);
		}
		if (builder instanceof JettyClientHttpConnectorBuilder jetty) {
			return new JettyConnectorFactory(jetty);
		}
		if (builder instanceof HttpComponentsClientHttpConnectorBuilder httpComponents) {
			return new HttpComponentsConnectorFactory(httpComponents);
		}
		return new AnyConnectorFactory(builder);
	}

	/**
	 * A connector, and what closes it.
	 *
	 * @param connector the connector
	 * @param closing what closes it
	 */
	record OpenConnector(ClientHttpConnector connector, Runnable closing) {

		/**
		 * A connector that needs not be closed.
		 */
		OpenConnector(ClientHttpConnector connector) {
			this(connector, () -> {
			});
		}

		static void close(@Nullable OpenConnector connector) {
			if (connector != null) {
				connector.closing().run();
			}
		}

	}

	/**
	 * A builder of the application's own, of which nothing is known.
	 */
	record AnyConnectorFactory(ClientHttpConnectorBuilder<?> builder) implements ConnectorFactory {

		@Override
		public OpenConnector create(HttpClientSettings settings, Connection connection) {
			return new OpenConnector(this.builder.build(settings));
		}

		@Override
		public boolean supportsProxy() {
			return false;
		}

	}

}
