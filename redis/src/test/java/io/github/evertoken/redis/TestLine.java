package io.github.evertoken.redis;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The line between a replica and Redis, which can be cut, and go dead without anybody
 * being told.
 */
final class TestLine implements AutoCloseable {

	private final ServerSocket serverSocket;

	private final int target;

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private final AtomicInteger connections = new AtomicInteger();

	/**
	 * Those that were made before are dead from now on.
	 */
	private volatile int deadBefore;

	private volatile boolean refusing;

	TestLine(int target) {
		this.target = target;
		try {
			this.serverSocket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	int port() {
		return this.serverSocket.getLocalPort();
	}

	/**
	 * Let what is sent over the connections that there are vanish, in both directions,
	 * and let them stay open.
	 */
	void goDead() {
		this.deadBefore = this.connections.get() + 1;
	}

	/**
	 * End all connections, and each new one.
	 */
	void cut() {
		this.refusing = true;
		this.open.forEach(TestLine::close);
	}

	void mend() {
		this.refusing = false;
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.serverSocket.accept();
			if (this.refusing) {
				close(client);
				continue;
			}
			this.open.add(client);
			start(() -> connect(client));
		}
	}

	private void connect(Socket client) throws IOException {
		try (client; Socket server = new Socket(InetAddress.getLoopbackAddress(), this.target)) {
			int number = this.connections.incrementAndGet();
			this.open.add(server);
			start(() -> pass(number, server, client));
			pass(number, client, server);
		}
	}

	private void pass(int number, Socket from, Socket to) throws IOException {
		try (to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			byte[] buffer = new byte[8192];
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				if (number >= this.deadBefore) {
					out.write(buffer, 0, count);
					out.flush();
				}
			}
		}
	}

	private static void start(IORunnable task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// The end of a connection, or of the line.
			}
		}, "test-line");
		thread.setDaemon(true);
		thread.start();
	}

	private static void close(Closeable closeable) {
		try {
			closeable.close();
		}
		catch (IOException ex) {
			// It is closed.
		}
	}

	@Override
	public void close() {
		close(this.serverSocket);
		this.open.forEach(TestLine::close);
	}

	private interface IORunnable {

		void run() throws IOException;

	}

}
