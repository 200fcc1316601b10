package io.github.evertoken.boot.autoconfigure.connection;

import java.time.Duration;

import javax.net.ssl.SSLException;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.NoopAddressResolverGroup;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.ProxyProvider;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * Connectors of Reactor Netty. They run on the threads of the application's own, and take
 * what its customizers do to a {@code HttpClient}.
 */
final class ReactorNettyConnectorFactory implements ConnectorFactory {

	private static final int MAX_CONNECTIONS = 50;

	/**
	 * Less than firewalls and load balancers drop idle connections after without a word:
	 * a request on such a one would hang until its time-out.
	 */
	private static final Duration MAX_IDLE_TIME = Duration.ofSeconds(20);

	private static final ApplicationProtocolConfig HTTP_2_OR_1 = new ApplicationProtocolConfig(Protocol.ALPN,
			SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT,
			ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);

	private final ReactorClientHttpConnectorBuilder builder;

	// Any number of flights may wait for a connection; each is bounded by its time-out.
	private final ConnectionProvider connections = ConnectionProvider.builder("evertoken")
		.maxConnections(MAX_CONNECTIONS)
		.pendingAcquireMaxCount(-1)
		.maxIdleTime(MAX_IDLE_TIME)
		.evictInBackground(MAX_IDLE_TIME)
		.build();

	ReactorNettyConnectorFactory(ReactorClientHttpConnectorBuilder builder) {
		this.builder = builder;
	}

	@Override
	public OpenConnector create(HttpClientSettings settings, Connection connection) {
		SslBundle sslBundle = settings.sslBundle();
		boolean secure = connection.secure() || sslBundle != null;
		// The SSL bundle goes in here, since Boot's way with it rules out HTTP/2.
		return new OpenConnector(this.builder
			.withHttpClientFactory(() -> secure ? secure(HttpClient.create(this.connections), sslBundle)
					: HttpClient.create(this.connections))
			.withHttpClientCustomizer((httpClient) -> proxy(httpClient.disableRetry(true), connection.proxy()))
			.build(settings.withSslBundle(null)));
	}

	private static HttpClient secure(HttpClient httpClient, @Nullable SslBundle sslBundle) {
		SslContext sslContext = sslContext(sslBundle);
		return httpClient.protocol(HttpProtocol.H2, HttpProtocol.HTTP11).secure((spec) -> spec.sslContext(sslContext));
	}

	private static SslContext sslContext(@Nullable SslBundle sslBundle) {
		SslContextBuilder builder = SslContextBuilder.forClient().applicationProtocolConfig(HTTP_2_OR_1);
		if (sslBundle != null) {
			SslManagerBundle managers = sslBundle.getManagers();
			SslOptions options = sslBundle.getOptions();
			builder.keyManager(managers.getKeyManagerFactory())
				.trustManager(managers.getTrustManagerFactory())
				.ciphers(SslOptions.asSet(options.getCiphers()))
				.protocols(options.getEnabledProtocols());
		}
		try {
			return builder.build();
		}
		catch (SSLException ex) {
			throw new IllegalStateException("No SSL context could be made", ex);
		}
	}

	private static HttpClient proxy(HttpClient httpClient, Connection.@Nullable Proxy proxy) {
		if (proxy == null) {
			return httpClient;
		}
		String username = proxy.username();
		String password = proxy.password();
		// The proxy alone knows what the host's address is.
		return httpClient.resolver(NoopAddressResolverGroup.INSTANCE).proxy((spec) -> {
			ProxyProvider.Builder builder = spec.type(ProxyProvider.Proxy.HTTP).host(proxy.host()).port(proxy.port());
			if (username != null && password != null) {
				builder.username(username).password((any) -> password);
			}
		});
	}

	@Override
	public void close() {
		this.connections.dispose();
	}

}
