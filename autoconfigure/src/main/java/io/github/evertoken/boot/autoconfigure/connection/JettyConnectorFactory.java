package io.github.evertoken.boot.autoconfigure.connection;

import java.util.concurrent.atomic.AtomicReference;

import org.eclipse.jetty.client.BasicAuthentication;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpProxy;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.component.LifeCycle;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.JettyClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.JettyClientHttpConnector;

/**
 * Connectors of Jetty's HTTP client. Each has connections of its own by itself.
 */
final class JettyConnectorFactory implements ConnectorFactory {

	private final JettyClientHttpConnectorBuilder builder;

	JettyConnectorFactory(JettyClientHttpConnectorBuilder builder) {
		this.builder = builder;
	}

	@Override
	public OpenConnector create(HttpClientSettings settings, Connection connection) {
		AtomicReference<HttpClient> made = new AtomicReference<>();
		JettyClientHttpConnector connector = this.builder.withHttpClientCustomizer((httpClient) -> {
			made.set(httpClient);
			httpClient.setHttpCookieStore(new HttpCookieStore.Empty());
			Connection.Proxy proxy = connection.proxy();
			if (proxy != null) {
				send(httpClient, proxy);
			}
		}).build(settings);
		return new OpenConnector(connector, () -> LifeCycle.stop(made.get()));
	}

	private static void send(HttpClient httpClient, Connection.Proxy through) {
		HttpProxy proxy = new HttpProxy(through.host(), through.port());
		httpClient.getProxyConfiguration().addProxy(proxy);
		if (through.username() != null && through.password() != null) {
			httpClient.getAuthenticationStore()
				.addAuthenticationResult(new BasicAuthentication.BasicResult(proxy.getURI(),
						HttpHeader.PROXY_AUTHORIZATION, through.username(), through.password()));
		}
	}

}
