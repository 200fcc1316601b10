package io.github.evertoken.redis.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EvertokenRedisRuntimeHints}.
 */
@Tag("FL-11")
class EvertokenRedisRuntimeHintsTests {

	private static final Path RESOURCES = Path.of("src", "main", "resources");

	@Test
	void hintsThenMakeEveryScriptAvailable() throws IOException {
		RuntimeHints hints = new RuntimeHints();
		new EvertokenRedisRuntimeHints().registerHints(hints, getClass().getClassLoader());
		assertAvailable(hints);
	}

	@Test
	void hintsWhenTheApplicationIsBuiltAheadOfTimeThenAreAmongItsOwn() throws IOException {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.register(Application.class);
		TestGenerationContext generationContext = new TestGenerationContext();
		new ApplicationContextAotGenerator().processAheadOfTime(context, generationContext);
		assertAvailable(generationContext.getRuntimeHints());
	}

	private static void assertAvailable(RuntimeHints hints) throws IOException {
		assertThat(scripts()).hasSizeGreaterThan(5)
			.allSatisfy((script) -> assertThat(RuntimeHintsPredicates.resource().forResource(script)).accepts(hints));
	}

	/**
	 * Whatever scripts there are, wherever they are.
	 */
	private static List<String> scripts() throws IOException {
		try (Stream<Path> files = Files.walk(RESOURCES)) {
			return files.map((file) -> RESOURCES.relativize(file).toString().replace('\\', '/'))
				.filter((name) -> name.endsWith(".lua"))
				.toList();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(EvertokenRedisAutoConfiguration.class)
	static class Application {

	}

}
