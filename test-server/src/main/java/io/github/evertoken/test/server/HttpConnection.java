package io.github.evertoken.test.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

import io.github.evertoken.test.server.HttpAnswer.Way;

/**
 * One connection of an {@link HttpServer}: a request and its answer, again and again.
 */
final class HttpConnection {

	private static final int LONGEST_LINE = 64 * 1024;

	private static final int LOOK_MILLIS = 5;

	/**
	 * RFC 9110, section 5.6.2.
	 */
	private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	/**
	 * RFC 9110, section 7.2, and RFC 3986, section 3.2: a host and perhaps a port. It is
	 * empty where the URI has none.
	 */
	private static final Pattern HOST = Pattern
		.compile("(?:\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._~%!$&'()*+,;=-]*)(?::[0-9]*)?");

	private static final Duration FOREVER = Duration.ofDays(3650);

	private static final int LONGEST_REST_MILLIS = 1000;

	private static final int LONGEST_REST = 1024 * 1024;

	private final Socket socket;

	private final PushbackInputStream in;

	HttpConnection(Socket socket) throws IOException {
		this.socket = socket;
		this.socket.setTcpNoDelay(true);
		this.in = new PushbackInputStream(new BufferedInputStream(socket.getInputStream()));
	}

	/**
	 * Answer the next request. What is no HTTP is answered with 400, and no handler hears
	 * of it.
	 * @return whether there may be another one
	 * @throws IOException if there is none, or the client has gone
	 */
	boolean exchange(HttpServer.Handler handler) throws IOException {
		HttpRequest request;
		try {
			request = read();
		}
		catch (HttpMessageException ex) {
			return refuse(HttpAnswer.of(400, "text/plain", String.valueOf(ex.getMessage())), handler.now());
		}
		HttpAnswer answer = handler.answer(request);
		if (answer.way() == Way.IS_LOST) {
			return reset();
		}
		Duration delay = (answer.way() == Way.NEVER_COMES) ? FOREVER : answer.delay();
		if (!delay.isZero()) {
			handler.delay(request, delay, this::isAwaited);
			this.socket.setSoTimeout(0);
		}
		if (answer.way() == Way.NEVER_COMES) {
			return false;
		}
		this.socket.getOutputStream().write(answer.bytes(handler.now(), !request.method().equals("HEAD")));
		this.socket.getOutputStream().flush();
		if (answer.way() == Way.IS_TORN) {
			return reset();
		}
		return !"close".equalsIgnoreCase(request.first("Connection"));
	}

	/**
	 * Answer, and close. RFC 9112, section 9.6: whoever closes while there is something
	 * to read resets the connection, and the client may lose the answer.
	 */
	private boolean refuse(HttpAnswer answer, Instant now) throws IOException {
		this.socket.getOutputStream().write(answer.with("Connection", "close").bytes(now, true));
		this.socket.getOutputStream().flush();
		this.socket.shutdownOutput();
		this.socket.setSoTimeout(LONGEST_REST_MILLIS);
		this.in.readNBytes(LONGEST_REST);
		return false;
	}

	private boolean reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		return false;
	}

	/**
	 * Wait for some milliseconds, and tell whether the client still waits: it says
	 * nothing, or has a next request already.
	 */
	private boolean isAwaited() {
		try {
			if (this.in.available() > 0) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
				return true;
			}
			this.socket.setSoTimeout(LOOK_MILLIS);
			int next = this.in.read();
			if (next != -1) {
				this.in.unread(next);
			}
			return next != -1;
		}
		catch (SocketTimeoutException ex) {
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private HttpRequest read() throws IOException {
		String[] start = line().split(" ");
		if (start.length != 3 || !start[2].startsWith("HTTP/1.")) {
			throw new HttpMessageException("No request line");
		}
		Map<String, List<String>> headers = new LinkedHashMap<>();
		for (String line = line(); !line.isEmpty(); line = line()) {
			int colon = line.indexOf(':');
			if (colon < 1 || !TOKEN.matcher(line.substring(0, colon)).matches()) {
				throw new HttpMessageException("No header");
			}
			headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), (name) -> new ArrayList<>())
				.add(line.substring(colon + 1).trim());
		}
		HttpRequest head = new HttpRequest(start[0], start[1], headers, new byte[0]);
		checkHost(head, start[2]);
		if ("100-continue".equalsIgnoreCase(head.first("Expect"))) {
			this.socket.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		}
		return new HttpRequest(start[0], start[1], headers, body(head));
	}

	/**
	 * RFC 9112, section 3.2: each request of HTTP/1.1 names one host.
	 */
	private static void checkHost(HttpRequest head, String version) throws HttpMessageException {
		List<String> hosts = head.all("Host");
		if (hosts.size() > 1 || (hosts.isEmpty() && !version.equals("HTTP/1.0"))) {
			throw new HttpMessageException("A request has one Host header");
		}
		if (!hosts.isEmpty() && !HOST.matcher(hosts.get(0)).matches()) {
			throw new HttpMessageException("The Host header is no host");
		}
	}

	/**
	 * Return the body. RFC 9112, section 6.3: a length that is told twice may be a
	 * request within a request.
	 */
	private byte[] body(HttpRequest head) throws IOException {
		List<String> encodings = head.all("Transfer-Encoding");
		List<String> lengths = head.all("Content-Length");
		if (encodings.size() + lengths.size() > 1) {
			throw new HttpMessageException("Several lengths");
		}
		if (!encodings.isEmpty()) {
			return chunks(encodings.get(0));
		}
		return lengths.isEmpty() ? new byte[0] : exactly(number(lengths.get(0), 10));
	}

	private byte[] chunks(String encoding) throws IOException {
		if (!encoding.equalsIgnoreCase("chunked")) {
			throw new HttpMessageException("No known encoding");
		}
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (int length = chunkLength(); length > 0; length = chunkLength()) {
			body.writeBytes(exactly(length));
			line();
		}
		while (!line().isEmpty()) {
			// Trailers, which nobody needs.
		}
		return body.toByteArray();
	}

	private int chunkLength() throws IOException {
		return number(line().split(";", 2)[0].trim(), 16);
	}

	private static int number(String text, int radix) throws HttpMessageException {
		try {
			if (!text.startsWith("+") && !text.startsWith("-")) {
				return Integer.parseInt(text, radix);
			}
		}
		catch (NumberFormatException ex) {
			// None, as below.
		}
		throw new HttpMessageException("No length");
	}

	private byte[] exactly(int length) throws IOException {
		byte[] bytes = this.in.readNBytes(length);
		if (bytes.length < length) {
			throw new EOFException();
		}
		return bytes;
	}

	private String line() throws IOException {
		InputStream in = this.in;
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int next = in.read(); next != '\n'; next = in.read()) {
			if (next == -1 || line.size() > LONGEST_LINE) {
				throw new EOFException();
			}
			line.write(next);
		}
		String text = line.toString(StandardCharsets.ISO_8859_1);
		return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
	}

}
