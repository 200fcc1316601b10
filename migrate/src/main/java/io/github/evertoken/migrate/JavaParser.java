package io.github.evertoken.migrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;

/**
 * Parses Java sources with the compiler of the JDK. Nothing is compiled, and no class
 * path is needed.
 */
final class JavaParser {

	private final ProjectFiles files;

	private final JavaCompiler compiler;

	private final List<Remark> unreadable = new ArrayList<>();

	/**
	 * Find the compiler.
	 * @throws UsageException if there is none
	 */
	JavaParser(ProjectFiles files) {
		this.files = files;
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		if (compiler == null) {
			throw new UsageException("Java sources are read with the compiler of a JDK, and this is none: "
					+ System.getProperty("java.home"));
		}
		this.compiler = compiler;
	}

	/**
	 * Parse sources.
	 * @return what is in those of them that are Java, in their order
	 */
	List<SourceFile> parse(List<Path> paths) {
		if (paths.isEmpty()) {
			return List.of();
		}
		List<Source> units = paths.stream().map((path) -> new Source(this.files.name(path), text(path))).toList();
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		JavacTask task = (JavacTask) this.compiler.getTask(null, null, diagnostics, List.of("-proc:none"), null, units);
		List<SourceFile> sources = new ArrayList<>();
		try {
			for (CompilationUnitTree unit : task.parse()) {
				sources.add(new SourceFile(unit.getSourceFile().getName(), unit,
						Trees.instance(task).getSourcePositions()));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		diagnostics.getDiagnostics()
			.stream()
			.filter((diagnostic) -> diagnostic.getKind() == Diagnostic.Kind.ERROR && diagnostic.getSource() != null)
			.forEach(this::addUnreadable);
		return sources;
	}

	/**
	 * Return the sources that are none, at least to this version of Java.
	 */
	List<Remark> unreadable() {
		return this.unreadable;
	}

	/**
	 * What follows the first error of a file follows from it.
	 */
	private void addUnreadable(Diagnostic<? extends JavaFileObject> error) {
		String name = error.getSource().getName();
		if (this.unreadable.stream().noneMatch((remark) -> remark.place().file().equals(name))) {
			this.unreadable.add(new Remark(Place.of(name, (int) error.getLineNumber()),
					"No Java to a JDK " + Runtime.version().feature() + " (" + error.getMessage(Locale.ROOT).strip()
							+ "). What stands around here may not have been read."));
		}
	}

	private String text(Path path) {
		try {
			return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw this.files.unreadable(path, ex);
		}
	}

	private static final class Source extends SimpleJavaFileObject {

		private final String name;

		private final String text;

		Source(String name, String text) {
			super(URI.create("string:///Source.java"), Kind.SOURCE);
			this.name = name;
			this.text = text;
		}

		/**
		 * The name of the file, which the compiler wants to be another.
		 */
		@Override
		public String getName() {
			return this.name;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.text;
		}

	}

}
