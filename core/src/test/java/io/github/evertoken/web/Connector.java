package io.github.evertoken.web;

import java.net.http.HttpClient;

import io.github.evertoken.test.OpenClients;
import io.github.evertoken.test.support.TestWebClients;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;

import org.springframework.http.client.reactive.HttpComponentsClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.JettyClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The connectors that the filter is to work with.
 */
enum Connector {

	REACTOR_NETTY {

		@Override
		WebClient.Builder webClient() {
			return TestWebClients.builder(1);
		}

	},

	JDK {

		@Override
		WebClient.Builder webClient() {
			return WebClient.builder()
				.clientConnector(new JdkClientHttpConnector(
						HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()));
		}

	},

	JETTY {

		@Override
		WebClient.Builder webClient() {
			org.eclipse.jetty.client.HttpClient httpClient = new org.eclipse.jetty.client.HttpClient();
			OpenClients.add(httpClient::stop);
			httpClient.setMaxConnectionsPerDestination(1);
			leaveChallengesAlone(httpClient);
			return WebClient.builder().clientConnector(new JettyClientHttpConnector(httpClient));
		}

	},

	APACHE {

		/**
		 * A connection whose body is cancelled is closed when the next piece comes.
		 */
		@Override
		WebClient.Builder webClient() {
			PoolingAsyncClientConnectionManager connections = PoolingAsyncClientConnectionManagerBuilder.create()
				.setMaxConnTotal(2)
				.setMaxConnPerRoute(2)
				.build();
			CloseableHttpAsyncClient httpClient = HttpAsyncClients.custom().setConnectionManager(connections).build();
			OpenClients.add(httpClient);
			return WebClient.builder().clientConnector(new HttpComponentsClientHttpConnector(httpClient));
		}

	};

	abstract WebClient.Builder webClient();

	/**
	 * Jetty's own handler of challenges passes on a 401 that it cannot answer, now and
	 * then without its body, whether there is our filter or not.
	 */
	static void leaveChallengesAlone(org.eclipse.jetty.client.HttpClient httpClient) {
		try {
			httpClient.start();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		httpClient.getProtocolHandlers().remove(WWWAuthenticationProtocolHandler.NAME);
	}

}
