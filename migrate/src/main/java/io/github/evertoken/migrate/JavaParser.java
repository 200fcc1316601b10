package io.github.evertoken.migrate;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

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

	/**
	 * All others have nothing to say.
	 */
	private static final Pattern RELEVANT = Pattern.compile("OAuth2|WebClient|RestClient|RestTemplate|HttpService"
			+ "|HttpExchange|ClientRegistration|ConfigurationProperties|static final String");

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
	 * Parse those of some sources that may have to do with tokens.
	 */
	List<SourceFile> parse(List<Path> paths) {
		List<SourceFile> sources = new ArrayList<>();
		for (Path path : paths) {
			String text = text(path);
			if (RELEVANT.matcher(text).find()) {
				parse(this.files.name(path), text, sources);
			}
		}
		return sources;
	}

	/**
	 * Return the sources that are none, at least to this version of Java.
	 */
	List<Remark> unreadable() {
		return this.unreadable;
	}

	private void parse(String name, String text, List<SourceFile> sources) {
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		JavacTask task = (JavacTask) this.compiler.getTask(null, null, diagnostics, List.of("-proc:none"), null,
				List.of(new Source(text)));
		try {
			for (CompilationUnitTree unit : task.parse()) {
				sources.add(new SourceFile(name, unit, Trees.instance(task).getSourcePositions()));
			}
		}
		catch (IOException ex) {
			throw new UnreadableException(Place.of(name), "cannot be read: " + ex.getMessage());
		}
		diagnostics.getDiagnostics()
			.stream()
			.filter((diagnostic) -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
			.findFirst()
			.ifPresent((error) -> this.unreadable.add(new Remark(Place.of(name, (int) error.getLineNumber()),
					"No Java to a JDK " + Runtime.version().feature() + " (" + error.getMessage(Locale.ROOT).strip()
							+ "). What stands around here may not have been read.")));
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

		private final String text;

		Source(String text) {
			super(URI.create("string:///Source.java"), Kind.SOURCE);
			this.text = text;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.text;
		}

	}

}
