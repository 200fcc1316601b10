package io.github.evertoken.benchmarks.startup;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import io.github.evertoken.benchmarks.harness.Fork;

import org.springframework.util.FileSystemUtils;

/**
 * The classes of an application's start in an archive that the JVM maps into memory, as
 * Spring Boot advises for services that have to start fast. It goes with the JVM that
 * made it.
 */
final class ClassArchive {

	private static final String FILE = "classes.jsa";

	private final Path directory;

	private final String classPath;

	private ClassArchive(Path directory, String classPath) {
		this.directory = directory;
		this.classPath = classPath;
	}

	/**
	 * Start an application once, and keep the classes that it loaded.
	 */
	static ClassArchive of(Class<?> main, String classPath, List<String> arguments)
			throws IOException, InterruptedException {
		Path directory = Files.createTempDirectory("class-archive");
		Runtime.getRuntime().addShutdownHook(new Thread(() -> FileSystemUtils.deleteRecursively(directory.toFile())));
		ClassArchive archive = new ClassArchive(directory, jarsOnly(classPath, directory));
		Fork.run(main, archive.classPath, List.of("-XX:ArchiveClassesAtExit=" + directory.resolve(FILE)), arguments);
		return archive;
	}

	/**
	 * Return the class path that the archive is for, and for no other.
	 */
	String classPath() {
		return this.classPath;
	}

	/**
	 * Return what makes a JVM use the archive, or fail.
	 */
	List<String> jvmOptions() {
		return List.of("-Xshare:on", "-XX:SharedArchiveFile=" + this.directory.resolve(FILE));
	}

	/**
	 * The JVM archives nothing from a directory.
	 */
	private static String jarsOnly(String classPath, Path target) throws IOException {
		List<String> entries = new ArrayList<>();
		for (String entry : classPath.split(File.pathSeparator)) {
			Path path = Path.of(entry);
			entries.add(Files.isDirectory(path) ? pack(path, target.resolve(entries.size() + ".jar")) : entry);
		}
		return String.join(File.pathSeparator, entries);
	}

	private static String pack(Path directory, Path jar) throws IOException {
		try (Stream<Path> files = Files.walk(directory);
				JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar))) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				output.putNextEntry(new JarEntry(directory.relativize(file).toString().replace(File.separator, "/")));
				Files.copy(file, output);
				output.closeEntry();
			}
		}
		return jar.toString();
	}

}
