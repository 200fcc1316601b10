package io.github.evertoken.migrate;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Reads the OAuth 2 clients of a Spring Security application, and prints what Evertoken
 * needs in their place.
 *
 * @since 0.1.0
 */
public final class MigrateCommand {

	/**
	 * All was carried over.
	 */
	static final int DONE = 0;

	/**
	 * What could be was carried over, and something is left to be done by hand.
	 */
	static final int BY_HAND = 1;

	/**
	 * Nothing was printed but an error, and nothing written.
	 */
	static final int FAILED = 2;

	private static final String HELP = """
			Usage: java -jar evertoken-migrate.jar [--output=FILE] DIRECTORY

			Reads the project in DIRECTORY, its application*.yml, .yaml and .properties and
			its Java sources, and prints

			  - the clients of Evertoken that take the place of the registrations below
			    spring.security.oauth2.client, as YAML
			  - what can be deleted then, with file and lines
			  - what has to be done by hand, with file, line and reason

			It changes no file of the project, runs nothing of it, and asks no server.
			Placeholders (${..}) stay as they are. A secret that stands in a file is
			printed as it is, for the YAML needs it.

			Options:
			  --output=FILE  write the YAML to FILE, which must not exist; print the rest
			  --help         print this

			It ends with
			  0  if nothing has to be done by hand
			  1  if something has
			  2  if something cannot be read or makes no sense, or was called with what it
			     does not know; then it prints why, and writes nothing
			""";

	private final Path directory;

	private final @Nullable Path output;

	private MigrateCommand(Path directory, @Nullable Path output) {
		this.directory = directory;
		this.output = output;
	}

	/**
	 * Run the command.
	 * @param args what it is called with
	 */
	public static void main(String[] args) {
		PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
		PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
		System.exit(run(args, out, err));
	}

	static int run(String[] args, PrintStream out, PrintStream err) {
		if (List.of(args).contains("--help")) {
			out.print(HELP);
			return DONE;
		}
		try {
			return of(args).run(out);
		}
		catch (UnreadableException | UsageException ex) {
			Paragraph.wrap(Objects.toString(ex.getMessage()), 80).forEach(err::println);
			return FAILED;
		}
		catch (UncheckedIOException ex) {
			Paragraph.wrap("The project cannot be read: " + ex.getMessage(), 80).forEach(err::println);
			return FAILED;
		}
	}

	private static MigrateCommand of(String[] args) {
		Path output = null;
		List<Path> directories = new ArrayList<>();
		for (String argument : args) {
			if (argument.startsWith("--output=") && output == null) {
				output = path(argument.substring("--output=".length()));
			}
			else if (argument.startsWith("-")) {
				throw new UsageException("There is no option " + argument
						+ ", or it was given before. --help tells those" + " that there are.");
			}
			else {
				directories.add(path(argument));
			}
		}
		if (directories.size() != 1) {
			throw new UsageException("Name the directory of one project. --help tells how.");
		}
		return new MigrateCommand(directories.get(0), output);
	}

	private static Path path(String text) {
		try {
			if (!text.isBlank()) {
				return Path.of(text);
			}
		}
		catch (InvalidPathException ex) {
			// Told below.
		}
		throw new UsageException("This is no name of a file: '" + text.replaceAll("\\p{Cntrl}", "?") + "'");
	}

	private int run(PrintStream out) {
		if (!Files.isDirectory(this.directory)) {
			throw new UsageException("There is no directory " + this.directory);
		}
		Report report = Migration.of(realPath());
		Path output = this.output;
		if (output != null && !report.yaml().isEmpty()) {
			write(output, report.yaml());
		}
		report.print(out, (output != null) ? output.toString() : "");
		return report.isByHand() ? BY_HAND : DONE;
	}

	/**
	 * It may be a link, or the current directory.
	 */
	private Path realPath() {
		try {
			return this.directory.toRealPath();
		}
		catch (IOException ex) {
			throw new UsageException("The directory " + this.directory + " cannot be read");
		}
	}

	private static void write(Path output, String yaml) {
		try {
			Files.writeString(output, yaml, StandardOpenOption.CREATE_NEW);
		}
		catch (FileAlreadyExistsException ex) {
			throw new UsageException("There is a file " + output + " already, and it stays as it is.");
		}
		catch (IOException ex) {
			throw new UsageException("The file " + output + " cannot be written: " + ex.getClass().getSimpleName()
					+ ", " + ex.getMessage());
		}
	}

}
