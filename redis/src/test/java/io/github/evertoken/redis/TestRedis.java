package io.github.evertoken.redis;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
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
import java.util.concurrent.ThreadLocalRandom;
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

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A real Redis, in a directory of its own.
 */
public final class TestRedis implements AutoCloseable {

	private static final Duration START = Duration.ofMinutes(3);

	private static final int LOWEST_PORT = 20_000;

	private static final int HIGHEST_PORT = 22_700;

	private static final int MOST_TRIES = 10;

	private static @Nullable TestRedis shared;

	private static @Nullable File executable;

	private int port;

	private final Path directory;

	private final List<String> arguments;

	private @Nullable Process process;

	private @Nullable RedisClient client;

	private @Nullable StatefulRedisConnection<String, String> connection;

	private TestRedis(List<String> arguments) {
		this.arguments = arguments;
		try {
			this.directory = newDirectory();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Runtime.getRuntime().addShutdownHook(new Thread(this::close));
		int tries = 0;
		do {
			this.port = freePort();
		}
		while (!isStarted() && ++tries < MOST_TRIES);
		assertThat(tries).as("ports that others have taken").isLessThan(MOST_TRIES);
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
		return new TestRedis(List.of(arguments));
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
			return new TestRedis(all);
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
	 * Return a port that no system gives to whoever asks for any: another process would
	 * have it by the time that it is used. The nodes of a cluster speak to each other on
	 * one that is higher by 10,000.
	 */
	private static int freePort() {
		int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			return freePort();
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
		assertThat(isStarted()).as("the port is free still").isTrue();
	}

	/**
	 * Start it.
	 * @return whether it runs, or has found that another process has the port
	 */
	private boolean isStarted() {
		Process started;
		try {
			List<String> command = new ArrayList<>(List.of(executable()));
			command.addAll(this.arguments);
			command.addAll(List.of("--port", String.valueOf(this.port), "--bind", "127.0.0.1", "--dir",
					this.directory.toString(), "--enable-debug-command", "yes"));
			started = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(this.directory.resolve("log").toFile())
				.start();
			this.process = started;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		await().atMost(START).pollInterval(Duration.ofMillis(20)).until(() -> !started.isAlive() || isReady(started));
		return started.isAlive();
	}

	/**
	 * Whoever answers may be another Redis.
	 */
	private boolean isReady(Process started) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(1000);
			OutputStream out = socket.getOutputStream();
			BufferedReader in = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
			out.write("INFO server\r\n".getBytes(StandardCharsets.US_ASCII));
			for (String line = in.readLine(); line != null && !line.startsWith("-"); line = in.readLine()) {
				if (line.startsWith("process_id:")) {
					return line.equals("process_id:" + started.pid());
				}
			}
			return false;
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
				running.waitFor(1, TimeUnit.MINUTES);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Let it do nothing until it goes on.
	 */
	void pause() {
		signal("-STOP");
	}

	/**
	 * Let it go on.
	 */
	void goOn() {
		signal("-CONT");
	}

	private void signal(String signal) {
		try {
			assertThat(this.process).isNotNull();
			Process kill = new ProcessBuilder("kill", signal, String.valueOf(this.process.pid())).start();
			assertThat(kill.waitFor()).isZero();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
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
