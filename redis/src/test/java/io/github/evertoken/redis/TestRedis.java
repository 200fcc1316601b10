package io.github.evertoken.redis;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisExecProvider;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.awaitility.Awaitility.await;

/**
 * A real Redis, in a directory of its own.
 */
public final class TestRedis implements AutoCloseable {

	private static final Duration START = Duration.ofSeconds(30);

	private static final int HIGHEST_PORT = 55_000;

	private static @Nullable TestRedis shared;

	private static @Nullable File executable;

	private final int port;

	private final Path directory;

	private final List<String> arguments;

	private @Nullable Process process;

	private @Nullable RedisClient client;

	private @Nullable StatefulRedisConnection<String, String> connection;

	private TestRedis(int port, List<String> arguments) {
		this.port = port;
		this.arguments = arguments;
		try {
			this.directory = newDirectory();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Runtime.getRuntime().addShutdownHook(new Thread(this::close));
		start();
	}

	/**
	 * Return the Redis of all tests of this JVM that do it no harm.
	 */
	public static synchronized TestRedis shared() {
		if (shared == null) {
			shared = start("--save", "", "--appendonly", "no");
		}
		return shared;
	}

	/**
	 * Start a Redis of a test's own.
	 */
	static TestRedis start(String... arguments) {
		return new TestRedis(freePort(), List.of(arguments));
	}

	/**
	 * Start a server that is given a file of configuration, which it may write.
	 */
	static TestRedis startConfigured(String configuration, String... arguments) {
		try {
			Path file = newDirectory().resolve("redis.conf");
			Files.writeString(file, configuration);
			List<String> all = new ArrayList<>(List.of(file.toString()));
			all.addAll(List.of(arguments));
			return new TestRedis(freePort(), all);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What a test writes need not wait for a disk.
	 */
	private static Path newDirectory() throws IOException {
		Path memory = Path.of("/dev/shm");
		return Files.isWritable(memory) ? Files.createTempDirectory(memory, "test-redis")
				: Files.createTempDirectory("test-redis");
	}

	/**
	 * The nodes of a cluster speak to each other on a port that is higher by 10,000.
	 */
	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return (socket.getLocalPort() < HIGHEST_PORT) ? socket.getLocalPort() : freePort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static synchronized String executable() throws IOException {
		if (executable == null) {
			executable = RedisExecProvider.defaultProvider().get();
		}
		return executable.getAbsolutePath();
	}

	/**
	 * Start again, with the data that are there.
	 */
	void start() {
		try {
			List<String> command = new ArrayList<>(List.of(executable()));
			command.addAll(this.arguments);
			command.addAll(List.of("--port", String.valueOf(this.port), "--bind", "127.0.0.1", "--dir",
					this.directory.toString(), "--enable-debug-command", "yes"));
			this.process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(this.directory.resolve("log").toFile())
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		await().atMost(START).pollInterval(Duration.ofMillis(20)).until(this::isReady);
	}

	private boolean isReady() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(1000);
			OutputStream out = socket.getOutputStream();
			InputStream in = socket.getInputStream();
			out.write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
			return in.read() == '+';
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * End it as a power failure does.
	 */
	void kill() {
		Process running = this.process;
		if (running != null) {
			running.destroyForcibly();
			try {
				running.waitFor(10, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Let it do nothing for a while.
	 */
	void sleep(int seconds) {
		Thread sleeper = new Thread(() -> {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
				socket.getOutputStream().write(("DEBUG SLEEP " + seconds + "\r\n").getBytes(StandardCharsets.US_ASCII));
				socket.getInputStream().read();
			}
			catch (IOException ex) {
				// It was ended meanwhile.
			}
		}, "test-redis-sleep");
		sleeper.setDaemon(true);
		sleeper.start();
	}

	int port() {
		return this.port;
	}

	Path directory() {
		return this.directory;
	}

	/**
	 * Return a connection factory as Spring Boot makes one.
	 */
	LettuceConnectionFactory connectionFactory() {
		return connectionFactory(this.port);
	}

	static LettuceConnectionFactory connectionFactory(int port) {
		LettuceConnectionFactory factory = new LettuceConnectionFactory(
				new RedisStandaloneConfiguration("127.0.0.1", port));
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

	/**
	 * Return what speaks to it as an administrator does.
	 */
	synchronized RedisCommands<String, String> commands() {
		if (this.client == null || this.connection == null) {
			this.client = RedisClient.create(RedisURI.create("127.0.0.1", this.port));
			this.connection = this.client.connect();
		}
		return this.connection.sync();
	}

	@Override
	public synchronized void close() {
		if (this.client != null) {
			this.client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
			this.client = null;
		}
		kill();
		try (Stream<Path> files = Files.walk(this.directory)) {
			files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
		}
		catch (IOException ex) {
			// Somebody else has been here before.
		}
	}

}
