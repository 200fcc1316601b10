package io.github.evertoken.boot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.service.TokenClient;
import io.github.evertoken.service.TokenSubject;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.webclient.autoconfigure.service.ReactiveHttpServiceClientAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.util.ClassUtils;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.HttpServiceGroup.ClientType;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EvertokenRuntimeHints}.
 */
class EvertokenRuntimeHintsTests {

	private static final Pattern CLASS_NAME = Pattern.compile("\"((?:[a-z0-9]+\\.)+[A-Z]\\w*)\"");

	private final RuntimeHints hints = hints(getClass().getClassLoader());

	private static RuntimeHints hints(ClassLoader classLoader) {
		RuntimeHints hints = new RuntimeHints();
		new EvertokenRuntimeHints().registerHints(hints, classLoader);
		return hints;
	}

	static List<Class<?>> records() {
		List<Class<?>> records = new ArrayList<>();
		collect(EvertokenProperties.class, records);
		collect(ClientProperties.class, records);
		return records;
	}

	private static void collect(Class<?> type, List<Class<?>> records) {
		records.add(type);
		for (var component : type.getRecordComponents()) {
			if (component.getType().isRecord()) {
				collect(component.getType(), records);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("records")
	void hintsThenEveryRecordOfTheProperties(Class<?> type) {
		assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
			.accepts(this.hints);
	}

	@Test
	void hintsThenSpringBootsRegistrationsWhereTheyAre() {
		assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(EvertokenRuntimeHints.REGISTRATIONS)))
			.accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(EvertokenRuntimeHints.REGISTRATIONS)))
			.rejects(hints(new FilteredClassLoader("org.springframework.boot.security")));
	}

	@Test
	void hintsThenWhatIsLookedUpByItsName() {
		assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(EvertokenRuntimeHints.REACTOR_NETTY)))
			.accepts(this.hints);
		for (String name : EvertokenRuntimeHints.OF_BLOCKING_CALLERS) {
			assertThat(ClassUtils.isPresent(name, getClass().getClassLoader())).isTrue();
			assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(name))).accepts(this.hints);
		}
		for (String name : EvertokenRuntimeHints.OF_THE_CACHE) {
			Class<?> type = ClassUtils.resolveClassName(name, getClass().getClassLoader());
			assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
				.accepts(this.hints);
		}
	}

	/**
	 * Whoever looks whether a class is there writes its name into the same file. What is
	 * asked for when the hints are made, or of an application that does not start, needs
	 * none.
	 */
	@Test
	void hintsThenEveryNameThatIsLookedUpInAFile() throws IOException {
		List<String> names = new ArrayList<>();
		for (String module : List.of("core", "autoconfigure")) {
			try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
				for (Path file : files.filter((path) -> path.toString().endsWith(".java")).toList()) {
					String source = Files.readString(file);
					if (source.contains("ClassUtils.isPresent(") && !file.endsWith("EvertokenRuntimeHints.java")
							&& !source.contains("extends AbstractFailureAnalyzer")) {
						CLASS_NAME.matcher(source).results().map((name) -> name.group(1)).forEach(names::add);
					}
				}
			}
		}
		assertThat(names).hasSizeGreaterThanOrEqualTo(5)
			.allSatisfy((name) -> assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(name)))
				.accepts(this.hints));
	}

	@Test
	void hintsWhenTheApplicationIsBuiltAheadOfTimeThenAreAmongItsOwn() {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.register(Application.class);
		TestGenerationContext generationContext = new TestGenerationContext();
		new ApplicationContextAotGenerator().processAheadOfTime(context, generationContext);
		assertThat(
				RuntimeHintsPredicates.reflection().onType(TypeReference.of(EvertokenRuntimeHints.OF_THE_CACHE.get(0))))
			.accepts(generationContext.getRuntimeHints());
	}

	@Test
	@DisplayName("HI-8: an application that is built ahead of time has what its HTTP service interfaces need")
	void hintsWhenThereAreHttpServicesThenTheirAnnotationsCanBeReadAndTheirProxiesBeMade() {
		EvertokenRuntimeHints.OF_HTTP_SERVICES.forEach((type) -> assertThat(RuntimeHintsPredicates.reflection()
			.onType(type)
			.withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS)).accepts(this.hints));
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.register(HttpServiceApplication.class);
		TestGenerationContext generationContext = new TestGenerationContext();
		new ApplicationContextAotGenerator().processAheadOfTime(context, generationContext);
		RuntimeHints own = generationContext.getRuntimeHints();
		assertThat(RuntimeHintsPredicates.proxies()
			.forInterfaces(AopProxyUtils.completeJdkProxyInterfaces(InventoryService.class))).accepts(own);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(InventoryService.class, "items"))
			.accepts(own);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(TokenClient.class, "value")).accepts(own);
	}

	/**
	 * A JVM tells which classes it loads.
	 */
	@Test
	void namesOfTheCacheThenAreThoseThatItLoads() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xlog:class+load:stdout", "-cp", System.getProperty("java.class.path"), Subjects.class.getName())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isZero();
		assertThat(EvertokenRuntimeHints.OF_THE_CACHE)
			.allSatisfy((name) -> assertThat(output).contains(" " + name + " "));
	}

	static final class Subjects {

		public static void main(String[] arguments) {
			try (DefaultTokenManager manager = DefaultTokenManager.builder()
				.client(ClientSettings
					.of("inventory", (request) -> Mono.just(TokenSet.withAccessToken("of-alice").build()))
					.build())
				.build()) {
				manager.token(TokenKey.of("inventory", "alice")).block(Duration.ofMinutes(1));
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(EvertokenAutoConfiguration.class)
	static class Application {

	}

	@TokenClient("inventory")
	interface InventoryService {

		@GetExchange("/items")
		String items(@TokenSubject String subject);

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ EvertokenAutoConfiguration.class, HttpServiceClientPropertiesAutoConfiguration.class,
			ReactiveHttpServiceClientAutoConfiguration.class })
	@ImportHttpServices(group = "inventory", types = InventoryService.class, clientType = ClientType.WEB_CLIENT)
	static class HttpServiceApplication {

	}

}
