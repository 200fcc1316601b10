package io.github.evertoken.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;

import javax.net.ServerSocketFactory;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockWebServer;

/**
 * Starts {@link MockWebServer}s that cope with a thousand connections at once.
 * <p>
 * Of itself a {@code MockWebServer} lets 50 connections wait to be accepted; the kernel
 * drops the rest, and each of them is tried again a second later, which looks like a slow
 * server.
 */
final class TestServers {

	private static final int BACKLOG = 4096;

	private TestServers() {
	}

	static MockWebServer start(Dispatcher dispatcher) {
		MockWebServer server = new MockWebServer();
		server.setServerSocketFactory(new DeepBacklogServerSocketFactory());
		server.setDispatcher(dispatcher);
		try {
			server.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return server;
	}

	/**
	 * {@code MockWebServer} creates an unbound socket and binds it with a backlog of its
	 * own.
	 */
	private static final class DeepBacklogServerSocketFactory extends ServerSocketFactory {

		@Override
		public ServerSocket createServerSocket() throws IOException {
			return new ServerSocket() {

				@Override
				public void bind(SocketAddress endpoint, int backlog) throws IOException {
					super.bind(endpoint, BACKLOG);
				}

			};
		}

		@Override
		public ServerSocket createServerSocket(int port) throws IOException {
			return new ServerSocket(port, BACKLOG);
		}

		@Override
		public ServerSocket createServerSocket(int port, int backlog) throws IOException {
			return new ServerSocket(port, BACKLOG);
		}

		@Override
		public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
			return new ServerSocket(port, BACKLOG, address);
		}

	}

}
