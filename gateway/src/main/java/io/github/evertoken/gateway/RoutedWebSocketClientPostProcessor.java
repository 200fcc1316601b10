package io.github.evertoken.gateway;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/**
 * Lets the gateway's client of WebSockets make the handshakes of routes once more, and
 * one that the application has in its place if it is of the same type. A client of
 * another type sends the token of the moment, and tells nobody why it was refused.
 */
final class RoutedWebSocketClientPostProcessor implements BeanPostProcessor {

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		return (bean.getClass() == ReactorNettyWebSocketClient.class)
				? new RoutedWebSocketClient((ReactorNettyWebSocketClient) bean) : bean;
	}

}
