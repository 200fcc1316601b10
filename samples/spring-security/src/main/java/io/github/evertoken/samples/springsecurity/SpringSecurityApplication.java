package io.github.evertoken.samples.springsecurity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.github.evertoken.samples.springsecurity.authorization.AuthorizationServerApplication;
import io.github.evertoken.samples.springsecurity.orders.OrdersApplication;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts an authorization server and an orders service in one JVM, and stays up until
 * Ctrl-C.
 */
public final class SpringSecurityApplication implements AutoCloseable {

	private final String ordersUrl;

	private final ConfigurableApplicationContext authorizationServer;

	private final ConfigurableApplicationContext orders;

	private SpringSecurityApplication() {
		int port = freePort();
		int ordersPort = freePort();
		this.ordersUrl = "http://127.0.0.1:" + ordersPort;
		Map<String, Object> urls = Map.of("sample.authorization", "http://127.0.0.1:" + port, "sample.orders",
				this.ordersUrl);
		this.authorizationServer = start(AuthorizationServerApplication.class, "authorization", port, urls);
		this.orders = start(OrdersApplication.class, "orders", ordersPort, urls);
	}

	/**
	 * Start both.
	 * @return the running applications
	 */
	static SpringSecurityApplication start() {
		keepReadingFromConnections();
		return new SpringSecurityApplication();
	}

	/**
	 * A server of Reactor Netty 1.3.7 may stop reading from a connection whose next
	 * request comes in the moment when the answer before it has gone out. A browser that
	 * follows a redirect then waits in vain. A later version needs none of this.
	 * @see <a href="https://github.com/reactor/reactor-netty/issues/4361">Reactor Netty's
	 * issue</a>
	 */
	private static void keepReadingFromConnections() {
		System.setProperty("reactor.netty.http.server.lastFlushWhenNoRead", "true");
	}

	private static ConfigurableApplicationContext start(Class<?> main, String profile, int port,
			Map<String, Object> urls) {
		return new SpringApplicationBuilder(main).profiles(profile)
			.properties(urls)
			.properties("server.port=" + port)
			.registerShutdownHook(false)
			.run();
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String ordersUrl() {
		return this.ordersUrl;
	}

	ConfigurableApplicationContext authorizationServer() {
		return this.authorizationServer;
	}

	ConfigurableApplicationContext orders() {
		return this.orders;
	}

	@Override
	public void close() {
		this.orders.close();
		this.authorizationServer.close();
	}

	/**
	 * Start, and stay up.
	 * @param args nothing
	 * @throws InterruptedException if somebody interrupts it
	 */
	public static void main(String[] args) throws InterruptedException {
		try (SpringSecurityApplication application = start()) {
			System.out.printf(
					"The service's own token, by Spring Security:  %s/service/spring-security%n"
							+ "The service's own token, by Evertoken:        %1$s/service/evertoken%n"
							+ "Yours, by Spring Security (alice/wonderland): %1$s/basket/spring-security%n"
							+ "Yours, by Evertoken:                          %1$s/basket/evertoken%n",
					application.ordersUrl());
			new CountDownLatch(1).await();
		}
	}

}
