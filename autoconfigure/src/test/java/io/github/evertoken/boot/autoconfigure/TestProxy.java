package io.github.evertoken.boot.autoconfigure;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that makes tunnels (RFC 9110, section 9.3.6), all to one port of the
 * loopback interface, whatever host is asked for.
 */
public final class TestProxy implements AutoCloseable {

	private final ServerSocket serverSocket;

	private final int target;

	private final @Nullable String authorization;

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

	/**
	 * Start a proxy.
	 * @param target the port that its tunnels lead to
	 * @param authorization the {@code Proxy-Authorization} that it demands, if any
	 */
	public TestProxy(int target, @Nullable String authorization) {
		this.target = target;
		this.authorization = authorization;
		try {
			this.serverSocket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	public int port() {
		return this.serverSocket.getLocalPort();
	}

	/**
	 * The first lines of the requests that have come.
	 */
	public List<String> requests() {
		return this.requests;
	}

	private static void start(IORunnable task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// The end of a connection, or of the proxy.
			}
		}, "test-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.serverSocket.accept();
			this.open.add(client);
			start(() -> serve(client));
		}
	}

	private void serve(Socket client) throws IOException {
		OutputStream out = client.getOutputStream();
		while (true) {
			String header = header(client.getInputStream());
			this.requests.add(header.lines().findFirst().orElse(""));
			if (this.authorization == null || header.lines().anyMatch(this::authorizes)) {
				break;
			}
			write(out, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n"
					+ "Content-Length: 0\r\n\r\n");
		}
		Socket server = new Socket(InetAddress.getLoopbackAddress(), this.target);
		this.open.add(server);
		write(out, "HTTP/1.1 200 Connection established\r\n\r\n");
		start(() -> server.getInputStream().transferTo(out));
		client.getInputStream().transferTo(server.getOutputStream());
	}

	private boolean authorizes(String line) {
		return line.equalsIgnoreCase("Proxy-Authorization: " + this.authorization);
	}

	private static String header(InputStream in) throws IOException {
		StringBuilder header = new StringBuilder();
		while (header.indexOf("\r\n\r\n") < 0) {
			int next = in.read();
			if (next < 0) {
				throw new IOException("The client has left");
			}
			header.append((char) next);
		}
		return header.toString();
	}

	private static void write(OutputStream out, String text) throws IOException {
		out.write(text.getBytes(StandardCharsets.US_ASCII));
		out.flush();
	}

	@Override
	public void close() throws IOException {
		this.serverSocket.close();
		for (Closeable socket : this.open) {
			socket.close();
		}
	}

	private interface IORunnable {

		void run() throws IOException;

	}

}
