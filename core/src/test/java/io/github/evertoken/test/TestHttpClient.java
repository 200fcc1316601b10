package io.github.evertoken.test;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.Timeout;
import org.eclipse.jetty.client.HttpProxy;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.ProxyProvider;

import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.HttpComponentsClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.JettyClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The HTTP clients with which a token endpoint can be asked, each with one connection
 * alone, that neither follow redirects nor repeat a request.
 */
public enum TestHttpClient {

	/**
	 * Reactor Netty.
	 */
	REACTOR_NETTY {

		@Override
		ClientHttpConnector connector(Duration responseTimeout, @Nullable InetSocketAddress proxy) {
			ConnectionProvider connections = ConnectionProvider.builder("test")
				.maxConnections(1)
				.pendingAcquireTimeout(POOL_TIMEOUT)
				.maxIdleTime(Duration.ofSeconds(1))
				.disposeTimeout(Duration.ZERO)
				.build();
			OpenClients.add(connections::dispose);
			reactor.netty.http.client.HttpClient httpClient = reactor.netty.http.client.HttpClient.create(connections)
				.disableRetry(true)
				.responseTimeout(responseTimeout);
			return new ReactorClientHttpConnector((proxy == null) ? httpClient
					: httpClient.proxy((spec) -> spec.type(ProxyProvider.Proxy.HTTP).socketAddress(proxy)));
		}

	},

	/**
	 * The client of the JDK. Its number of connections cannot be limited.
	 */
	JDK {

		@Override
		ClientHttpConnector connector(Duration responseTimeout, @Nullable InetSocketAddress proxy) {
			HttpClient.Builder httpClient = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
			if (proxy != null) {
				httpClient.proxy(ProxySelector.of(proxy));
			}
			JdkClientHttpConnector connector = new JdkClientHttpConnector(httpClient.build());
			connector.setReadTimeout(responseTimeout);
			return connector;
		}

	},

	/**
	 * Jetty's client.
	 */
	JETTY {

		@Override
		ClientHttpConnector connector(Duration responseTimeout, @Nullable InetSocketAddress proxy) {
			org.eclipse.jetty.client.HttpClient httpClient = new org.eclipse.jetty.client.HttpClient();
			OpenClients.add(httpClient::stop);
			httpClient.setMaxConnectionsPerDestination(1);
			httpClient.setMaxRequestsQueuedPerDestination(1);
			httpClient.setFollowRedirects(false);
			httpClient.setIdleTimeout(responseTimeout.toMillis());
			if (proxy != null) {
				httpClient.getProxyConfiguration().addProxy(new HttpProxy(proxy.getHostString(), proxy.getPort()));
			}
			return new JettyClientHttpConnector(httpClient);
		}

	},

	/**
	 * The client of Apache HttpComponents.
	 */
	APACHE {

		@Override
		ClientHttpConnector connector(Duration responseTimeout, @Nullable InetSocketAddress proxy) {
			CloseableHttpAsyncClient httpClient = HttpAsyncClients.custom()
				.disableRedirectHandling()
				.disableAutomaticRetries()
				.setProxy((proxy != null) ? new HttpHost(proxy.getHostString(), proxy.getPort()) : null)
				.setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create().setMaxConnTotal(1).build())
				.setDefaultRequestConfig(RequestConfig.custom()
					.setResponseTimeout(Timeout.of(responseTimeout))
					.setConnectionRequestTimeout(POOL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
					.build())
				.build();
			OpenClients.add(httpClient);
			return new HttpComponentsClientHttpConnector(httpClient);
		}

	};

	private static final Duration POOL_TIMEOUT = Duration.ofMillis(300);

	private static final Duration LONG = Duration.ofMinutes(1);

	abstract ClientHttpConnector connector(Duration responseTimeout, @Nullable InetSocketAddress proxy);

	/**
	 * Return a client that waits long for a response.
	 */
	public WebClient webClient() {
		return webClient(LONG);
	}

	/**
	 * Return a client that waits for a response as long as it is told.
	 */
	public WebClient webClient(Duration responseTimeout) {
		return WebClient.builder().clientConnector(connector(responseTimeout, null)).build();
	}

	/**
	 * Return a client that goes through a proxy.
	 */
	public WebClient webClientBehind(InetSocketAddress proxy) {
		return WebClient.builder().clientConnector(connector(LONG, proxy)).build();
	}

}
