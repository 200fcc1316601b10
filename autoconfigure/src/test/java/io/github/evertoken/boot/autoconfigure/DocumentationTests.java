package io.github.evertoken.boot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
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

/**
 * Tests that the YAML of the documentation can be used: every property is there, and its
 * value is of its type.
 */
class DocumentationTests {

	private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

	@ParameterizedTest
	@MethodSource("blocks")
	void yamlThenBinds(String yaml) throws IOException {
		assertThat(bind(yaml)).isNotNull();
	}

	@Test
	void yamlWhenPropertyIsUnknownThenDoesNotBind() {
		assertThatException().isThrownBy(() -> bind("      client-idd: orders\n"));
	}

	static Stream<String> blocks() throws IOException {
		List<String> blocks = Stream.of("docs/providers.md", "docs/advice.md", "docs/fleet.md", "README.md")
			.flatMap(DocumentationTests::blocksOf)
			.toList();
		assertThat(blocks).hasSizeGreaterThan(20);
		return blocks.stream();
	}

	private static Stream<String> blocksOf(String file) {
		try {
			String text = Files.readString(Path.of("..").resolve(file), StandardCharsets.UTF_8);
			return YAML.matcher(text).results().map((MatchResult match) -> match.group(1)).toList().stream();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What is indented is about one client.
	 */
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
