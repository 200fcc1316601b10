package io.github.evertoken.site;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import com.sun.source.util.JavacTask;

/**
 * Compiles blocks of Java as they stand on a page: a whole file, some types, some members
 * of a class, or some statements, whichever a block can be read as. What it does not
 * import or declare itself are the packages below, and the fields and types of
 * {@link SnippetFixtures}.
 */
final class SnippetCompiler {

	private static final List<String> PACKAGES = List.of("java.net", "java.time", "java.time.temporal", "java.util",
			"java.util.function", "java.util.stream", "io.github.evertoken", "io.github.evertoken.advice",
			"io.github.evertoken.authentication", "io.github.evertoken.boot", "io.github.evertoken.endpoint",
			"io.github.evertoken.gateway", "io.github.evertoken.grant", "io.github.evertoken.grpc",
			"io.github.evertoken.lifecycle", "io.github.evertoken.observation", "io.github.evertoken.security",
			"io.github.evertoken.service", "io.github.evertoken.store", "io.github.evertoken.test",
			"io.github.evertoken.test.boot", "io.github.evertoken.test.server", "io.github.evertoken.test.store",
			"io.github.evertoken.web", "io.grpc", "org.junit.jupiter.api", "org.junit.jupiter.api.extension",
			"org.springframework.beans.factory.annotation", "org.springframework.boot.autoconfigure",
			"org.springframework.boot.restclient.test.autoconfigure", "org.springframework.boot.test.context",
			"org.springframework.cloud.gateway.route", "org.springframework.cloud.gateway.route.builder",
			"org.springframework.context.annotation", "org.springframework.context.event",
			"org.springframework.core.io", "org.springframework.core.io.buffer", "org.springframework.http",
			"org.springframework.security.oauth2.client", "org.springframework.security.oauth2.client.annotation",
			"org.springframework.security.oauth2.client.registration",
			"org.springframework.security.oauth2.client.web.reactive.function.client", "org.springframework.stereotype",
			"org.springframework.test.context.bean.override.mockito", "org.springframework.test.web.client",
			"org.springframework.web.bind.annotation", "org.springframework.web.client",
			"org.springframework.web.reactive.function.client",
			"org.springframework.web.reactive.function.client.support",
			"org.springframework.web.reactive.socket.client", "org.springframework.web.service.annotation",
			"org.springframework.web.service.invoker", "org.springframework.web.service.registry",
			"reactor.core.publisher", "reactor.core.scheduler");

	private static final String IMPORTS = Stream
		.concat(PACKAGES.stream().map((name) -> "import " + name + ".*;"),
				Stream.of("import static io.github.evertoken.web.TokenAttributes.*;",
						"import static org.assertj.core.api.Assertions.*;", "import static org.mockito.BDDMockito.*;",
						"import static org.springframework.security.oauth2.client.web.reactive.function.client"
								+ ".ServerOAuth2AuthorizedClientExchangeFilterFunction.*;",
						"import static org.springframework.test.web.client.match.MockRestRequestMatchers.*;",
						"import static org.springframework.test.web.client.response.MockRestResponseCreators.*;",
						"import io.github.evertoken.site.SnippetFixtures;",
						"import io.github.evertoken.site.SnippetFixtures.*;",
						"import org.springframework.context.event.EventListener;",
						"import org.springframework.http.MediaType;",
						"import org.springframework.web.service.registry.HttpServiceGroup.ClientType;"))
		.collect(Collectors.joining("\n", "", "\n"));

	private static final Pattern OWN_IMPORTS = Pattern.compile("(?m)^(package|import) .*;\\n+");

	private static final List<String> OPTIONS = List.of("-proc:none", "-parameters", "-Xmaxerrs", "10000", "-classpath",
			System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));

	private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

	/**
	 * Compile blocks, all at once.
	 * @param snippets the blocks
	 * @return what is wrong with each, in its order
	 */
	Map<Snippet, List<String>> compile(List<Snippet> snippets) throws IOException {
		Map<String, Snippet> bySource = new LinkedHashMap<>();
		Map<Snippet, List<String>> problems = new LinkedHashMap<>();
		List<Source> sources = new ArrayList<>();
		for (Snippet snippet : snippets) {
			Source source = source(snippet, "snippet" + sources.size());
			sources.add(source);
			bySource.put(source.getName(), snippet);
			problems.put(snippet, new ArrayList<>());
		}
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		try (JavaFileManager files = this.compiler.getStandardFileManager(null, null, null)) {
			JavacTask task = (JavacTask) this.compiler.getTask(null, files, diagnostics, OPTIONS, null, sources);
			task.analyze();
		}
		for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
			if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
				JavaFileObject source = diagnostic.getSource();
				String message = diagnostic.getMessage(Locale.ROOT);
				if (source == null) {
					throw new IllegalStateException(message);
				}
				problems.get(bySource.get(source.getName())).add(message);
			}
		}
		return problems;
	}

	private Source source(Snippet snippet, String name) throws IOException {
		Matcher own = OWN_IMPORTS.matcher(snippet.text());
		String imports = own.results()
			.map((line) -> line.group().strip())
			.filter((line) -> line.startsWith("import"))
			.collect(Collectors.joining("\n", "", "\n"));
		String text = own.replaceAll("");
		String head = "package " + name + ";\n" + IMPORTS + imports;
		List<Source> readings = new ArrayList<>();
		readings.add(new Source(name, head + text.replaceAll("(?m)^public ", "")));
		readings.add(new Source(name, head + "abstract class Snippet extends SnippetFixtures {\n" + text + "\n}"));
		readings.add(new Source(name,
				head + "abstract class Snippet extends SnippetFixtures {\nvoid run() throws Exception {\n" + text
						+ "\n;}\n}"));
		for (Source reading : readings) {
			if (canBeRead(reading)) {
				return reading;
			}
		}
		return readings.get(2);
	}

	private boolean canBeRead(Source source) throws IOException {
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		JavacTask task = (JavacTask) this.compiler.getTask(null, null, diagnostics, List.of("-proc:none"), null,
				List.of(source));
		task.parse();
		return diagnostics.getDiagnostics()
			.stream()
			.noneMatch((diagnostic) -> diagnostic.getKind() == Diagnostic.Kind.ERROR);
	}

	/**
	 * A file that is nowhere.
	 */
	private static final class Source extends SimpleJavaFileObject {

		private final String text;

		Source(String name, String text) {
			super(URI.create("string:///" + name + "/Snippet.java"), Kind.SOURCE);
			this.text = text;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.text;
		}

	}

}
