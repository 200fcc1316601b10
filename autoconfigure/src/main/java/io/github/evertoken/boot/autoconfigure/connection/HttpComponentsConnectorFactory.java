package io.github.evertoken.boot.autoconfigure.connection;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.core5.http.HttpHost;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.HttpComponentsClientHttpConnector;

/**
 * Connectors of Apache's HTTP client. Each has connections of its own, and HTTP/2, by
 * itself.
 */
final class HttpComponentsConnectorFactory implements ConnectorFactory {

	private final HttpComponentsClientHttpConnectorBuilder builder;

	HttpComponentsConnectorFactory(HttpComponentsClientHttpConnectorBuilder builder) {
		this.builder = builder;
	}

	@Override
	public OpenConnector create(HttpClientSettings settings, Connection connection) {
		Connection.Proxy proxy = connection.proxy();
		HttpComponentsClientHttpConnector connector = this.builder.withHttpClientCustomizer((httpClient) -> {
			httpClient.disableCookieManagement();
			if (proxy != null) {
				send(httpClient, proxy);
			}
		}).build(settings);
		return new OpenConnector(connector, () -> close(connector));
	}

	private static void send(HttpAsyncClientBuilder httpClient, Connection.Proxy through) {
		HttpHost proxy = new HttpHost(through.host(), through.port());
		httpClient.setProxy(proxy);
		if (through.username() != null && through.password() != null) {
			BasicCredentialsProvider credentials = new BasicCredentialsProvider();
			credentials.setCredentials(new AuthScope(proxy),
					new UsernamePasswordCredentials(through.username(), through.password().toCharArray()));
			httpClient.setDefaultCredentialsProvider(credentials);
		}
	}

	private static void close(HttpComponentsClientHttpConnector connector) {
		try {
			connector.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
