package io.github.evertoken.migrate;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link YamlText}: Spring Boot reads what was written.
 */
class YamlTextTests {

	@ParameterizedTest
	@ValueSource(strings = { "plain", "https://host:8443/a?b=c&d", "${A}", "${A:b}", "${A:b: c}", "0815", "4711", "1e3",
			"0x1F", "true", "No", "null", "~", "2026-11-26", "a: b", "a #b", "#a", "- a", "'a'", "\"a\"", "a'b", "!a",
			"*a", "&a", "@a@", "%a", "`a`", "[a", "{a", "a:", ":", " a ", "", "a\nb", "a\tb", "ä€😀", "\u0085", "\\",
			"dev | test", "!dev", ">", "|", "a\u0000b" })
	void valueThenIsReadAsItWas(String value) throws Exception {
		String yaml = new YamlText().add(Map.of("a", Map.of("b", List.of(value)), "c", value)).toString();
		var loaded = new YamlPropertySourceLoader().load("test", new ByteArrayResource(yaml.getBytes("UTF-8"))).get(0);
		assertThat(String.valueOf(loaded.getProperty("c"))).isEqualTo(value);
		assertThat(String.valueOf(loaded.getProperty("a.b[0]"))).isEqualTo(value);
	}

	@Test
	void keyWhenItIsNoNameThenIsInBrackets() {
		assertThat(new YamlText().add(Map.of("a.b", "c")).toString()).isEqualTo("'[a.b]': c\n");
		assertThat(new YamlText().add(Map.of("on", "c")).toString()).isEqualTo("'[on]': c\n");
	}

}
