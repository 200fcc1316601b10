package io.github.evertoken.samples.fleet.show;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import redis.embedded.RedisExecProvider;

/**
 * A real Redis in a process of its own. What it has answered for is on the disk.
 */
final class Redis implements AutoCloseable {

	private static final Duration START = Duration.ofSeconds(60);

	private final File executable;

	private final int port;

	private final Path directory;

	private @Nullable Process process;

	Redis(int port, Path directory) {
		this.port = port;
		this.directory = directory;
		try {
			this.executable = RedisExecProvider.defaultProvider().get();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	int port() {
		return this.port;
	}

	/**
	 * Start, with the data that are there.
	 */
	void start() {
		try {
			this.process = new ProcessBuilder(this.executable.getAbsolutePath(), "--port", String.valueOf(this.port),
					"--bind", "127.0.0.1", "--dir", this.directory.toString(), "--save", "", "--appendonly", "yes",
					"--appendfsync", "always", "--enable-debug-command", "yes")
				.redirectErrorStream(true)
				.redirectOutput(this.directory.resolve("redis.log").toFile())
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Signals.await(START, "Redis does not start", () -> say("PING").startsWith("+PONG"));
	}

	/**
	 * Say something as an administrator does, without waiting for what is not answered in
	 * time.
	 * @return the first line of the answer, empty if there is none
	 */
	String say(String... words) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), 1000);
			socket.setSoTimeout(500);
			socket.getOutputStream().write((String.join(" ", words) + "\r\n").getBytes(StandardCharsets.US_ASCII));
			InputStream in = socket.getInputStream();
			byte[] answer = new byte[512];
			int length = in.read(answer);
			return (length > 0) ? new String(answer, 0, length, StandardCharsets.US_ASCII) : "";
		}
		catch (IOException ex) {
			return "";
		}
	}

	void pause() {
		Signals.send("STOP", running());
	}

	void resume() {
		Signals.send("CONT", running());
	}

	/**
	 * End it as a power failure does.
	 */
	void kill() {
		Process running = running();
		running.destroyForcibly();
		Signals.awaitEnd(running);
	}

	/**
	 * End it as an administrator does.
	 */
	void shutDown() {
		say("SHUTDOWN");
		Signals.awaitEnd(running());
	}

	private Process running() {
		Process running = this.process;
		if (running == null) {
			throw new IllegalStateException("Redis was not started: " + Arrays.asList(this.port, this.directory));
		}
		return running;
	}

	@Override
	public void close() {
		if (this.process != null) {
			this.process.destroyForcibly();
		}
	}

}
