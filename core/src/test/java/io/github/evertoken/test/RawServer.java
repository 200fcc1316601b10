package io.github.evertoken.test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that answers each request with the next bytes of its script, whatever HTTP
 * thinks of them.
 */
public final class RawServer implements AutoCloseable {

	private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *([0-9]+)\r?$");

	private final ServerSocket socket;

	private final Queue<Answer> script = new ConcurrentLinkedQueue<>();

	private final Queue<String> requests = new ConcurrentLinkedQueue<>();

	private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();

	public RawServer() {
		try {
			this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		start("accept", this::accept);
	}

	private static void start(String name, Runnable work) {
		Thread thread = new Thread(work, "raw-server-" + name);
		thread.setDaemon(true);
		thread.start();
	}

	public int port() {
		return this.socket.getLocalPort();
	}

	public URI uri(String path) {
		return URI.create("http://localhost:" + port() + path);
	}

	/**
	 * Answer the next request that has no answer yet.
	 */
	public RawServer enqueue(Answer answer) {
		this.script.add(answer);
		return this;
	}

	/**
	 * Return the requests that were read whole, head and body.
	 */
	public List<String> requests() {
		return List.copyOf(this.requests);
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

	private void serve(Socket connection) {
		try (connection) {
			boolean open = true;
			while (open) {
				String request = read(connection.getInputStream());
				this.requests.add(request);
				open = answer(connection, next());
			}
		}
		catch (IOException ex) {
			// The client has gone.
		}
	}

	private Answer next() {
		Answer answer = this.script.poll();
		return (answer != null) ? answer : Answer.of("HTTP/1.1 500 Script has ended", "", new byte[0]);
	}

	private static boolean answer(Socket connection, Answer answer) throws IOException {
		connection.getOutputStream().write(answer.bytes());
		connection.getOutputStream().flush();
		switch (answer.end()) {
			case KEEP -> {
				return true;
			}
			case CLOSE -> {
				return false;
			}
			case RESET -> {
				connection.setSoLinger(true, 0);
				return false;
			}
			default -> {
				while (connection.getInputStream().read() != -1) {
					// Until the client gives up.
				}
				return false;
			}
		}
	}

	private static String read(InputStream stream) throws IOException {
		ByteArrayOutputStream head = new ByteArrayOutputStream();
		while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
			int next = stream.read();
			if (next == -1) {
				throw new IOException("closed");
			}
			head.write(next);
		}
		String text = head.toString(StandardCharsets.ISO_8859_1);
		Matcher length = LENGTH.matcher(text);
		byte[] body = stream.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
		return text + new String(body, StandardCharsets.UTF_8);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
		for (Socket connection : this.connections) {
			connection.close();
		}
	}

	/**
	 * What becomes of a connection when an answer has been written.
	 */
	public enum End {

		/**
		 * It waits for the next request.
		 */
		KEEP,

		/**
		 * It is closed.
		 */
		CLOSE,

		/**
		 * It is reset.
		 */
		RESET,

		/**
		 * It stays open, and nothing more comes.
		 */
		STALL

	}

	/**
	 * An answer.
	 *
	 * @param bytes what is written, to the letter
	 * @param end what becomes of the connection then
	 */
	public record Answer(byte[] bytes, End end) {

		/**
		 * Return no answer at all.
		 */
		public static Answer none(End end) {
			return new Answer(new byte[0], end);
		}

		/**
		 * Return a proper HTTP answer.
		 * @param statusLine its first line
		 * @param headers its headers but the length, each with a line break
		 * @param body its body
		 */
		public static Answer of(String statusLine, String headers, byte[] body) {
			return torn(statusLine, headers, body, body.length, End.KEEP);
		}

		/**
		 * Return an answer that says that it has another length than it has.
		 */
		public static Answer torn(String statusLine, String headers, byte[] body, int length, End end) {
			String head = statusLine + "\r\n" + headers.replace("\n", "\r\n") + "Content-Length: " + length
					+ "\r\n\r\n";
			return new Answer(concat(head.getBytes(StandardCharsets.ISO_8859_1), body), end);
		}

		private static byte[] concat(byte[]... parts) {
			List<byte[]> all = new ArrayList<>(List.of(parts));
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			all.forEach(bytes::writeBytes);
			return bytes.toByteArray();
		}

	}

}
