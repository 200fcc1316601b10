package io.github.evertoken.gateway;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/**
 * Lets the client of the gateway make the handshakes of routes once more. One of another
 * kind, which the application has in its place, sends the token of its moment.
 */
final class RoutedWebSocketClientPostProcessor implements BeanPostProcessor {

	private static final String NAME = "reactorNettyWebSocketClient";

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		return (name.equals(NAME) && bean.getClass() == ReactorNettyWebSocketClient.class)
				? new RoutedWebSocketClient((ReactorNettyWebSocketClient) bean) : bean;
	}

}
