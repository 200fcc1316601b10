package io.github.evertoken.site;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests that every block of Java and YAML of the README, the chapters and the pages can
 * be used. Java compiles, as {@link SnippetCompiler} says. In YAML below
 * {@code evertoken} every property is there, and its value is of its type; what is
 * indented by six is about one client. What stands in angle brackets is the reader's.
 */
class SnippetTests {

	private static Map<Snippet, List<String>> compiled = Map.of();

	@BeforeAll
	static void compile() throws IOException {
		compiled = new SnippetCompiler().compile(Snippet.in("java"));
	}

	static Stream<Snippet> java() throws IOException {
		List<Snippet> snippets = Snippet.in("java");
		assertThat(snippets).hasSizeGreaterThan(20);
		return snippets.stream();
	}

	static Stream<Snippet> yaml() throws IOException {
		List<Snippet> snippets = Snippet.in("yaml");
		assertThat(snippets).hasSizeGreaterThan(40);
		return snippets.stream();
	}

	@ParameterizedTest
	@MethodSource("java")
	void javaThenCompiles(Snippet snippet) {
		assertThat(compiled.get(snippet)).as(snippet.place()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("yaml")
	void yamlThenBinds(Snippet snippet) {
		assertThatNoException().as(snippet.place()).isThrownBy(() -> bind(snippet.text()));
	}

	@Test
	void javaWhenItIsWrongThenIsFoundInItsSnippetAlone() throws IOException {
		Snippet unknown = snippet("webClient.get().uri(url).attributes(subjekt(\"alice\")).retrieve()");
		Snippet torn = snippet("webClient.get(.uri(url)");
		Snippet type = snippet("class Some {\n\n\tMono<Item> item;\n\n\tint id = \"seven\";\n\n}");
		Snippet right = snippet("@Bean\nSubjectResolver subjects() {\n\treturn SubjectResolver.securityContext();\n}");
		SnippetCompiler compiler = new SnippetCompiler();
		Map<Snippet, List<String>> problems = compiler.compile(List.of(unknown, type, right));
		assertThat(problems.get(unknown)).singleElement().asString().contains("subjekt");
		assertThat(problems.get(type)).singleElement().asString().contains("String cannot be converted to int");
		assertThat(problems.get(right)).isEmpty();
		assertThat(compiler.compile(List.of(torn)).get(torn)).isNotEmpty();
	}

	@Test
	void yamlWhenPropertyIsUnknownThenDoesNotBind() {
		assertThatException().isThrownBy(() -> bind("      client-idd: orders\n"));
	}

	@Test
	void pageWhenABlockHasNoEndThenIsFound() {
		assertThatIllegalStateException().isThrownBy(() -> Snippet.in("a.adoc", "[source,java]\n----\nint id;\n"));
	}

	private static Snippet snippet(String text) {
		return new Snippet("here", "java", text);
	}

	private static EvertokenProperties bind(String yaml) throws IOException {
		String whole = yaml.startsWith("      ") ? "evertoken:\n  clients:\n    name:\n" + yaml : yaml;
		String filled = whole.replaceAll("\\$\\{[^}]*}", "filled").replaceAll("<[^>\n]*>", "filled");
		MutablePropertySources sources = new MutablePropertySources();
		new YamlPropertySourceLoader()
			.load("documentation", new ByteArrayResource(filled.getBytes(StandardCharsets.UTF_8)))
			.forEach(sources::addLast);
		return new Binder(ConfigurationPropertySources.from(sources)).bindOrCreate("evertoken",
				Bindable.of(EvertokenProperties.class), new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
	}

}
