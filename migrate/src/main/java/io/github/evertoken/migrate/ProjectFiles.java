package io.github.evertoken.migrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a project, in the order of their names, without what a build has made.
 */
final class ProjectFiles {

	private static final Set<String> LEFT_OUT = Set.of("target", "build", "out", "bin", "node_modules");

	private static final Pattern CONFIGURATION = Pattern.compile("application(-.+)?\\.(yml|yaml|properties)");

	private static final Pattern BUILD = Pattern.compile("pom\\.xml|build\\.gradle(\\.kts)?");

	private static final Pattern DEPLOYMENT = Pattern
		.compile("(?i)(docker|container)file.*|.*\\.(env|ya?ml|sh|json|tf|properties|service)|\\.env.*");

	/**
	 * Larger ones have been written by no hand.
	 */
	private static final long LARGEST = 1 << 20;

	private final Path directory;

	private final List<Path> files = new ArrayList<>();

	private ProjectFiles(Path directory) {
		this.directory = directory;
	}

	/**
	 * Find the files of a project.
	 * @throws UnreadableException if a directory cannot be read
	 */
	static ProjectFiles of(Path directory) {
		ProjectFiles project = new ProjectFiles(directory);
		try {
			Files.walkFileTree(directory, project.new Visitor());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Collections.sort(project.files);
		return project;
	}

	/**
	 * Return the name by which a file is spoken of.
	 */
	String name(Path file) {
		return this.directory.relativize(file).toString().replace('\\', '/');
	}

	List<Path> configuration() {
		return select((file) -> CONFIGURATION.matcher(fileName(file)).matches() && !isTest(file));
	}

	List<Path> testConfiguration() {
		return select((file) -> CONFIGURATION.matcher(fileName(file)).matches() && isTest(file));
	}

	List<Path> java() {
		return select((file) -> fileName(file).endsWith(".java") && !isTest(file));
	}

	List<Path> tests() {
		return select((file) -> fileName(file).endsWith(".java") && isTest(file));
	}

	/**
	 * Return the sources in other languages of the JVM.
	 */
	List<Path> otherSources() {
		return select((file) -> Stream.of(".kt", ".groovy", ".scala").anyMatch(fileName(file)::endsWith));
	}

	List<Path> builds() {
		return select((file) -> BUILD.matcher(fileName(file)).matches());
	}

	/**
	 * Return what may set environment variables.
	 */
	List<Path> deployment() {
		return select((file) -> DEPLOYMENT.matcher(fileName(file)).matches()
				&& !CONFIGURATION.matcher(fileName(file)).matches());
	}

	/**
	 * Return the directory of the module that a file belongs to.
	 */
	Path module(Path file) {
		for (Path parent = file.getParent(); parent != null
				&& !parent.equals(this.directory); parent = parent.getParent()) {
			try (Stream<Path> siblings = Files.list(parent)) {
				if (siblings.anyMatch((sibling) -> BUILD.matcher(fileName(sibling)).matches())) {
					return parent;
				}
			}
			catch (IOException ex) {
				throw unreadable(parent, ex);
			}
		}
		return this.directory;
	}

	/**
	 * Return the lines of a file, whatever charset it is in: what is looked for is ASCII.
	 */
	List<String> lines(Path file) {
		try {
			return Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
		}
		catch (IOException ex) {
			throw unreadable(file, ex);
		}
	}

	UnreadableException unreadable(Path file, IOException ex) {
		return new UnreadableException(Place.of(name(file)),
				"cannot be read: " + ex.getClass().getSimpleName() + ", " + ex.getMessage());
	}

	private List<Path> select(Predicate<Path> predicate) {
		return this.files.stream().filter(predicate).toList();
	}

	private boolean isTest(Path file) {
		return ("/" + name(file)).matches(".*/src/(test|testFixtures|[a-z]+Test|it)/.*");
	}

	private static String fileName(Path file) {
		Path name = file.getFileName();
		return (name != null) ? name.toString() : "";
	}

	private final class Visitor extends SimpleFileVisitor<Path> {

		@Override
		public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
			boolean root = dir.equals(ProjectFiles.this.directory);
			boolean left = !root
					&& (fileName(dir).startsWith(".") || (LEFT_OUT.contains(fileName(dir)) && !isSource(dir)));
			return left ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
		}

		/**
		 * A package may be called build.
		 */
		private boolean isSource(Path dir) {
			return ("/" + name(dir)).contains("/src/");
		}

		@Override
		public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
			boolean read = CONFIGURATION.matcher(fileName(file)).matches() || fileName(file).endsWith(".java");
			if (attributes.isRegularFile() && (read || attributes.size() <= LARGEST)) {
				ProjectFiles.this.files.add(file);
			}
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFileFailed(Path file, IOException ex) {
			throw unreadable(file, ex);
		}

	}

}
