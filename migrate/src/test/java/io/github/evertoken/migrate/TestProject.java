package io.github.evertoken.migrate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A project of {@code src/test/resources}, as it is or in a copy.
 *
 * @param directory where it is
 */
record TestProject(Path directory) {

	static final Path PROJECTS = Path.of("src/test/resources/projects");

	static TestProject named(String name) {
		return new TestProject(PROJECTS.resolve(name));
	}

	/**
	 * Copy the project, so that its hosts are paths of a server.
	 */
	TestProject copy(Path target, TokenServer server) throws IOException {
		try (Stream<Path> files = Files.walk(this.directory)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				Path copy = target.resolve(this.directory.relativize(file).toString());
				Files.createDirectories(copy.getParent());
				Files.writeString(copy,
						Files.readString(file)
							.replaceAll("https://([a-z]+)\\.example", server.url("/") + "$1")
							// As the build of the project would do.
							.replace("@project.version@", "1.0"));
			}
		}
		return new TestProject(target);
	}

	/**
	 * Run the command.
	 */
	Result run(String... options) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		ByteArrayOutputStream err = new ByteArrayOutputStream();
		String[] args = Arrays.copyOf(options, options.length + 1);
		args[options.length] = this.directory.toString();
		int code = MigrateCommand.run(args, new PrintStream(out, true, StandardCharsets.UTF_8),
				new PrintStream(err, true, StandardCharsets.UTF_8));
		return new Result(code, out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"),
				err.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
	}

	/**
	 * Do what the command says can be done to the configuration: delete what is not
	 * needed, and put the clients in.
	 */
	void migrate() {
		Path output = this.directory.resolve("evertoken.yml");
		run("--output=" + output);
		Report report = Migration.of(this.directory);
		List<Place> places = new ArrayList<>(report.deletable().stream().map(Remark::place).toList());
		Collections.reverse(places);
		for (Place place : places) {
			if (place.file().matches(".*\\.(ya?ml|properties)")) {
				change(this.directory.resolve(place.file()),
						(lines) -> lines.subList(place.from() - 1, place.to()).clear());
			}
		}
		Path resources = this.directory.resolve("src/main/resources");
		Path yaml = Files.exists(resources.resolve("application.yaml")) ? resources.resolve("application.yaml")
				: resources.resolve("application.yml");
		change(yaml, (lines) -> {
			lines.add("---");
			lines.addAll(lines(output));
		});
	}

	private static void change(Path file, Consumer<List<String>> change) {
		List<String> lines = new ArrayList<>(lines(file));
		change.accept(lines);
		try {
			Files.write(file, lines);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> lines(Path file) {
		try {
			return Files.exists(file) ? Files.readAllLines(file) : List.of();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What the command has done.
	 *
	 * @param code its exit code
	 * @param out what it has printed
	 * @param err what it has printed as an error
	 */
	record Result(int code, String out, String err) {
	}

}
