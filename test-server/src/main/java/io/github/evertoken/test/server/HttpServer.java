package io.github.evertoken.test.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Just enough of HTTP/1.1 for tests, on a free port of the loopback interface: whole
 * requests, answers of a known length, connections that are used again, and all that can
 * go wrong with one. A server that a library brings along would be one more that a user's
 * tests, and what Spring Boot detects, have to get along with.
 * <p>
 * Each connection has a thread, which is no obstacle to the end of the JVM.
 */
final class HttpServer implements AutoCloseable {

	private static final int BACKLOG = 1024;

	private static final long LONGEST_END_MILLIS = 60_000;

	private final ServerSocket socket;

	private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

	private final Handler handler;

	private final Thread acceptor;

	HttpServer(Handler handler) {
		this.handler = handler;
		try {
			this.socket = new ServerSocket();
			this.socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), BACKLOG);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("No port of the loopback interface can be had", ex);
		}
		this.acceptor = start("accept", this::accept);
	}

	int port() {
		return this.socket.getLocalPort();
	}

	private Thread start(String name, Runnable work) {
		Thread thread = new Thread(work, "authorization-server-" + port() + "-" + name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	private void accept() {
		try {
			for (;;) {
				Socket connection = this.socket.accept();
				this.connections.add(connection);
				start("connection", () -> serve(connection));
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			HttpConnection connection = new HttpConnection(socket);
			boolean open = !this.socket.isClosed();
			while (open) {
				open = connection.exchange(this.handler);
			}
		}
		catch (IOException ex) {
			// The client has gone, or does not speak HTTP.
		}
		finally {
			this.connections.remove(socket);
		}
	}

	/**
	 * Refuse connections from now on. While a thread waits for one, the system still
	 * takes them, so that thread has ended when this returns.
	 */
	@Override
	public void close() {
		close(this.socket);
		try {
			this.acceptor.join(LONGEST_END_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.connections.forEach(HttpServer::close);
	}

	private static void close(AutoCloseable closeable) {
		try {
			closeable.close();
		}
		catch (Exception ex) {
			// It goes with the process.
		}
	}

	/**
	 * Knows the answers.
	 */
	interface Handler {

		/**
		 * Answer a request.
		 */
		HttpAnswer answer(HttpRequest request);

		/**
		 * Return what time it is.
		 */
		Instant now();

		/**
		 * Let an answer wait.
		 * @param request the request that it is to
		 * @param delay how long
		 * @param waits waits for some milliseconds, and tells whether the client does too
		 */
		void delay(HttpRequest request, Duration delay, BooleanSupplier waits);

	}

}
