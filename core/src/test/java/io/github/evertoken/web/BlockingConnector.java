package io.github.evertoken.web;

import java.net.http.HttpClient;
import java.time.Duration;

import io.github.evertoken.test.OpenClients;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.http.client.ReactorClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;

/**
 * The HTTP clients that the interceptor is to work with, with one connection each where
 * they can be told so.
 */
enum BlockingConnector {

	REACTOR_NETTY {

		@Override
		ClientHttpRequestFactory factory() {
			ConnectionProvider connections = ConnectionProvider.builder("test")
				.maxConnections(1)
				.pendingAcquireTimeout(Duration.ofMinutes(1))
				.disposeTimeout(Duration.ZERO)
				.build();
			OpenClients.add(connections::dispose);
			return new ReactorClientHttpRequestFactory(
					reactor.netty.http.client.HttpClient.create(connections).disableRetry(true));
		}

	},

	JDK {

		@Override
		ClientHttpRequestFactory factory() {
			return new JdkClientHttpRequestFactory(
					HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
		}

	},

	JETTY {

		/**
		 * The connection of a body that is given up is closed when the next piece comes,
		 * or when the time is up that the call may take.
		 */
		@Override
		ClientHttpRequestFactory factory() {
			org.eclipse.jetty.client.HttpClient httpClient = new org.eclipse.jetty.client.HttpClient();
			OpenClients.add(httpClient::stop);
			httpClient.setMaxConnectionsPerDestination(2);
			Connector.leaveChallengesAlone(httpClient);
			JettyClientHttpRequestFactory factory = new JettyClientHttpRequestFactory(httpClient);
			factory.setReadTimeout(Duration.ofMinutes(2));
			return factory;
		}

	},

	APACHE {

		@Override
		ClientHttpRequestFactory factory() {
			CloseableHttpClient httpClient = HttpClients.custom()
				.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
					.setMaxConnTotal(1)
					.setMaxConnPerRoute(1)
					.setDefaultConnectionConfig(ConnectionConfig.DEFAULT)
					.build())
				.build();
			OpenClients.add(httpClient);
			return new HttpComponentsClientHttpRequestFactory(httpClient);
		}

	},

	URL_CONNECTION {

		@Override
		ClientHttpRequestFactory factory() {
			return new SimpleClientHttpRequestFactory();
		}

	};

	abstract ClientHttpRequestFactory factory();

}
