package io.github.evertoken.benchmarks.redis;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Waiting;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import redis.embedded.RedisExecProvider;

/**
 * A real Redis in a process of its own, which writes nothing to a disk.
 */
final class RedisServer implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final Pattern STEPS = Pattern.compile("cmdstat_evalsha:calls=(\\d+),usec=(\\d+),");

	private final int port;

	private final Path directory;

	private final Process process;

	private final RedisClient client;

	private final RedisCommands<String, String> commands;

	RedisServer() throws IOException {
		this.directory = Files.createTempDirectory("benchmark-redis");
		this.port = freePort();
		File executable = RedisExecProvider.defaultProvider().get();
		this.process = new ProcessBuilder(executable.getAbsolutePath(), "--port", String.valueOf(this.port), "--bind",
				"127.0.0.1", "--dir", this.directory.toString(), "--save", "", "--appendonly", "no")
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("log").toFile())
			.start();
		Runtime.getRuntime().addShutdownHook(new Thread(this.process::destroyForcibly));
		Waiting.until(this::isReady, PATIENCE, "Redis answers");
		this.client = RedisClient.create(RedisURI.create("127.0.0.1", this.port));
		this.commands = this.client.connect().sync();
	}

	/**
	 * Systems give no port below 32,768 to whoever asks for any: nobody has this one by
	 * the time that it is used.
	 */
	private static int freePort() throws IOException {
		int port = ThreadLocalRandom.current().nextInt(22_700, 32_700);
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (BindException ex) {
			return freePort();
		}
	}

	private boolean isReady() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout((int) PATIENCE.toMillis());
			socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
			InputStream in = socket.getInputStream();
			return in.read() == '+';
		}
		catch (IOException ex) {
			return false;
		}
	}

	int port() {
		return this.port;
	}

	RedisCommands<String, String> commands() {
		return this.commands;
	}

	/**
	 * Count the steps anew.
	 */
	void forgetSteps() {
		this.commands.configResetstat();
	}

	/**
	 * Return the steps since they were counted anew.
	 */
	Steps steps() {
		Matcher matcher = STEPS.matcher(this.commands.info("commandstats"));
		return matcher.find() ? new Steps(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)))
				: new Steps(0, 0);
	}

	/**
	 * Return the memory that Redis says a record takes, all of its fields looked at: by
	 * default it looks at five, and takes the others for as large.
	 */
	long bytesOf(String name) {
		return this.commands.dispatch(CommandType.MEMORY, new IntegerOutput<>(StringCodec.UTF8),
				new CommandArgs<>(StringCodec.UTF8).add("USAGE").addKey(name).add("SAMPLES").add(0));
	}

	/**
	 * Return the memory that Redis says it has in use.
	 */
	long usedBytes() {
		Matcher matcher = Pattern.compile("used_memory:(\\d+)").matcher(this.commands.info("memory"));
		Check.that(matcher.find(), "Redis does not say how much memory it has in use");
		return Long.parseLong(matcher.group(1));
	}

	@Override
	public void close() throws IOException {
		this.client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
		this.process.destroyForcibly();
		try (Stream<Path> files = Files.walk(this.directory)) {
			files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
		}
	}

	/**
	 * Steps of stores: each is one run of a script.
	 *
	 * @param count how many
	 * @param micros how long Redis was busy with them
	 */
	record Steps(long count, long micros) {

	}

}
