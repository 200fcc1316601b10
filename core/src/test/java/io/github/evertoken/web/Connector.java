package io.github.evertoken.web;

import java.net.http.HttpClient;

import io.github.evertoken.test.TestWebClients;

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
			httpClient.setMaxConnectionsPerDestination(1);
			return WebClient.builder().clientConnector(new JettyClientHttpConnector(httpClient));
		}

	};

	abstract WebClient.Builder webClient();

}
