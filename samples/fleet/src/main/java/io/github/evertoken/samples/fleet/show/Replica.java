package io.github.evertoken.samples.fleet.show;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.samples.fleet.Step;
import io.github.evertoken.samples.fleet.replica.ReplicaApplication;

/**
 * The process of a replica.
 */
final class Replica implements AutoCloseable {

	private static final Duration START = Duration.ofMinutes(3);

	private final String name;

	private final Process process;

	private final Chronicle chronicle;

	private Replica(String name, Process process, Chronicle chronicle) {
		this.name = name;
		this.process = process;
		this.chronicle = chronicle;
		Thread reader = new Thread(this::read, name);
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Start one, on the class path of this JVM.
	 */
	static Replica start(String name, List<String> properties, Path directory, Chronicle chronicle) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx96m", "-Xss512k",
						"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-classpath",
						System.getProperty("java.class.path"), ReplicaApplication.class.getName(),
						"--spring.profiles.active=replica", "--fleet.replica=" + name,
						"--fleet.log=" + directory.resolve(name + ".log")));
		command.addAll(properties);
		try {
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
			builder.environment().put("HOSTNAME", name);
			return new Replica(name, builder.start(), chronicle);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void read() {
		try (BufferedReader in = new BufferedReader(
				new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8))) {
			for (String line = in.readLine(); line != null; line = in.readLine()) {
				this.chronicle.tells(this.name, line);
			}
		}
		catch (IOException ex) {
			// It is dead.
		}
	}

	String name() {
		return this.name;
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	void awaitReady() {
		Signals.await(START, this.name + " does not start, see its log", () -> tells("ready") || !isAlive());
		if (!isAlive()) {
			throw new IllegalStateException(this.name + " has ended at its start, see its log");
		}
	}

	boolean tells(String what) {
		return this.chronicle.lines(what).anyMatch((told) -> told.replica().equals(this.name));
	}

	/**
	 * Say what it is to do. One that is dead does not hear it.
	 */
	void say(String... words) {
		try {
			this.process.getOutputStream().write((String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8));
			this.process.getOutputStream().flush();
		}
		catch (IOException ex) {
			// It is dead.
		}
	}

	void arm(Step step, String subject) {
		say("arm", step.name(), subject);
	}

	/**
	 * kill -9
	 */
	void kill() {
		this.chronicle.isGone(this.name);
		this.process.destroyForcibly();
		Signals.awaitEnd(this.process);
	}

	/**
	 * Notice that it has died by itself.
	 */
	void isDead() {
		Signals.awaitEnd(this.process);
		this.chronicle.isGone(this.name);
	}

	/**
	 * kill -TERM, as a deployment does.
	 */
	void stop() {
		this.process.destroy();
		Signals.awaitEnd(this.process);
		this.chronicle.isGone(this.name);
	}

	Absence pause() {
		Absence absence = this.chronicle.isGone(this.name);
		Signals.send("STOP", this.process);
		return absence;
	}

	void resume(Absence absence) {
		Signals.send("CONT", this.process);
		absence.isOver();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
