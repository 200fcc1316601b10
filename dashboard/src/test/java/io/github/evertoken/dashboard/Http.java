package io.github.evertoken.dashboard;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.springframework.context.ApplicationContext;

/**
 * A browser, as far as the tests need one.
 *
 * @param port the port to ask
 */
record Http(int port) {

	static Http of(ApplicationContext context) {
		return new Http(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

	static Http ofManagement(ApplicationContext context) {
		return new Http(context.getEnvironment().getRequiredProperty("local.management.port", Integer.class));
	}

	HttpResponse<String> get(String path, String... headers) throws Exception {
		return ask("GET", path, null, headers);
	}

	HttpResponse<String> ask(String method, String path, String body, String... headers) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path))
			.timeout(Duration.ofMinutes(1))
			.method(method,
					(body != null) ? HttpRequest.BodyPublishers.ofString(body) : HttpRequest.BodyPublishers.noBody());
		if (headers.length > 0) {
			request.headers(headers);
		}
		// Without the attempt to go on with HTTP/2, which has left requests without an
		// answer; and with a connection of its own.
		return HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.build()
			.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	Stream stream(String path, String... headers) throws IOException {
		return new Stream(this.port, path, 0, headers);
	}

	/**
	 * A browser that takes no more than fits into so small a buffer.
	 */
	Stream slowStream(String path) throws IOException {
		return new Stream(this.port, path, 4096);
	}

	/**
	 * An answer that goes on, over a connection of its own that can be broken off.
	 */
	static final class Stream implements AutoCloseable {

		private final Socket socket = new Socket();

		private final BufferedReader reader;

		private final String status;

		private final List<String> headers = new ArrayList<>();

		Stream(int port, String path, int receiveBuffer, String... headers) throws IOException {
			if (receiveBuffer > 0) {
				this.socket.setReceiveBufferSize(receiveBuffer);
			}
			this.socket.connect(new InetSocketAddress("127.0.0.1", port), 30_000);
			this.socket.setSoTimeout(60_000);
			StringBuilder request = new StringBuilder(
					"GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nAccept: text/event-stream\r\n");
			for (int i = 0; i < headers.length; i += 2) {
				request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
			}
			OutputStream output = this.socket.getOutputStream();
			output.write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
			output.flush();
			InputStream input = new BufferedInputStream(this.socket.getInputStream(), 512);
			this.status = line(input);
			for (String header = line(input); !header.isEmpty(); header = line(input)) {
				this.headers.add(header);
			}
			boolean chunked = this.headers.stream().anyMatch("transfer-encoding: chunked"::equalsIgnoreCase);
			this.reader = new BufferedReader(
					new InputStreamReader(chunked ? new Chunks(input) : input, StandardCharsets.UTF_8), 512);
		}

		private static String line(InputStream input) throws IOException {
			StringBuilder line = new StringBuilder();
			for (int next = input.read(); next != '\n'; next = input.read()) {
				if (next < 0) {
					throw new EOFException("The answer has ended");
				}
				line.append((char) next);
			}
			return line.toString().strip();
		}

		String status() {
			return this.status;
		}

		List<String> headers() {
			return this.headers;
		}

		/**
		 * Read lines until one has the text.
		 * @return that line
		 */
		String until(String text) throws IOException {
			String line;
			while ((line = this.reader.readLine()) != null) {
				if (line.contains(text)) {
					return line;
				}
			}
			throw new IOException("The stream has ended before '" + text + "'");
		}

		/**
		 * Go away without a word, as a browser does that is closed.
		 */
		@Override
		public void close() throws IOException {
			this.socket.setSoLinger(true, 0);
			this.socket.close();
		}

	}

	/**
	 * What is in the chunks of an answer (RFC 9112, section 7.1), which may end anywhere.
	 */
	private static final class Chunks extends InputStream {

		private final InputStream input;

		private int left;

		private boolean begun;

		Chunks(InputStream input) {
			this.input = input;
		}

		@Override
		public int read() throws IOException {
			byte[] single = new byte[1];
			return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xff;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			if (this.left == 0) {
				if (this.begun) {
					Stream.line(this.input);
				}
				this.begun = true;
				this.left = Integer.parseInt(Stream.line(this.input), 16);
				if (this.left == 0) {
					return -1;
				}
			}
			int read = this.input.read(buffer, offset, Math.min(length, this.left));
			this.left -= Math.max(0, read);
			return read;
		}

	}

}
