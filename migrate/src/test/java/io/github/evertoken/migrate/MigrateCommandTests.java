package io.github.evertoken.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MigrateCommand}: what it does with what it cannot read.
 */
class MigrateCommandTests {

	private static final String PREFIX = "spring.security.oauth2.client.";

	private static final String COMPLETE = PREFIX + "registration.a.client-id=a\n" + PREFIX
			+ "registration.a.client-secret=${A}\n" + PREFIX
			+ "registration.a.authorization-grant-type=client_credentials\n" + PREFIX
			+ "provider.a.token-uri=https://idp.example/token\n";

	@TempDir
	Path directory;

	@Test
	void runWhenHelpThenPrintsIt() {
		TestProject.Result result = new TestProject(this.directory).run("--help");
		assertThat(result.code()).isZero();
		assertThat(result.out()).startsWith("Usage: java -jar evertoken-migrate.jar").contains("--output=FILE");
		assertThat(result.out().lines()).allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(80));
	}

	@ParameterizedTest
	@CsvSource({ "--outptu=x,There is no option --outptu=x", "-v,There is no option -v",
			"more,Name the directory of one", "--output=,This is no name of a file" })
	void runWhenItIsCalledWronglyThenSaysHow(String option, String message) {
		assertFails(new TestProject(this.directory).run(option), message);
	}

	@Test
	void runWhenOutputIsGivenTwiceThenSaysSo() {
		assertFails(new TestProject(this.directory).run("--output=a", "--output=b"), "--output=b");
	}

	@Test
	void runWhenDirectoryIsNotThereThenSaysSo() {
		assertFails(new TestProject(this.directory.resolve("gone")).run(), "There is no directory");
	}

	@Test
	void runWhenThereIsNoConfigurationThenSaysSo() {
		assertFails(new TestProject(this.directory).run(), "no application.yml or application.properties at all");
	}

	@Test
	void runWhenThereIsNoRegistrationThenNamesWhatWasRead() throws IOException {
		write("src/main/resources/application.yml", "server.port: 8080\n");
		assertFails(new TestProject(this.directory).run(), "src/main/resources/application.yml");
	}

	@ParameterizedTest
	@MethodSource("unreadable")
	void runWhenConfigurationCannotBeReadThenNamesLineAndReasonAndWritesNothing(String file, String text,
			String message) throws IOException {
		write("src/main/resources/application.properties", COMPLETE);
		write("src/main/resources/" + file, text);
		Path output = this.directory.resolve("evertoken.yml");
		assertFails(new TestProject(this.directory).run("--output=" + output), "src/main/resources/" + message);
		assertThat(output).doesNotExist();
	}

	static Stream<String[]> unreadable() {
		String registration = "spring.security.oauth2.client.registration.b:\n";
		return Stream.of(
				new String[] { "application-x.yml", "a:\n  b: 1\n c: 2\n",
						"application-x.yml:3: expected <block end>" },
				new String[] { "application-x.yml", "a: 1\nb: 2\na: 3\n",
						"application-x.yml:3: found duplicate key a" },
				new String[] { "application-x.yaml", "a: \"b\n",
						"application-x.yaml:2: found unexpected end of stream" },
				new String[] { "application-x.yml", "a: &a\n  b: *a\n", "application-x.yml: an alias refers" },
				new String[] { "application-x.properties", "a=1\nb=\\u00zz\n",
						"application-x.properties:2: Malformed" },
				new String[] { "application.yml", registration + "  provider: a\n  client-id: b\n",
						"application.yml:2: the registration b has no authorization-grant-type" },
				new String[] { "application.yml",
						registration + "  client-id: b\n  authorization-grant-type: client_credentials\n",
						"application.yml:2: the registration b has no token endpoint: the provider b" },
				new String[] { "application.yml", "spring.security.oauth2.client.registration.b: text\n",
						"application.yml:1: " });
	}

	@Test
	void runWhenOutputIsThereThenLeavesIt() throws IOException {
		write("application.properties", COMPLETE);
		write("there.yml", "mine");
		Path output = this.directory.resolve("there.yml");
		assertFails(new TestProject(this.directory).run("--output=" + output), "stays as it is");
		assertThat(output).hasContent("mine");
	}

	@Test
	void runWhenOutputCannotBeWrittenThenSaysSo() throws IOException {
		write("application.properties", COMPLETE);
		assertFails(new TestProject(this.directory).run("--output=" + this.directory.resolve("gone/x.yml")),
				"cannot be written");
	}

	@Test
	void runWhenThereAreSeveralApplicationsThenAsksForOne() throws IOException {
		write("one/pom.xml", "<project/>");
		write("one/src/main/resources/application.properties", COMPLETE);
		write("two/build.gradle", "");
		write("two/src/main/resources/application.properties", COMPLETE);
		assertFails(new TestProject(this.directory).run(), "one, two");
		assertThat(new TestProject(this.directory.resolve("one")).run().code()).isEqualTo(MigrateCommand.BY_HAND);
	}

	@Test
	void runThenChangesNothing() throws IOException {
		write("application.properties", COMPLETE);
		new TestProject(this.directory).run();
		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files).hasSize(1);
		}
		assertThat(this.directory.resolve("application.properties")).hasContent(COMPLETE);
	}

	@Test
	void runWhenSourceIsNoJavaThenSaysWhere() throws IOException {
		write("application.properties", COMPLETE);
		write("src/main/java/A.java", "class A {\n\tvoid a( {\n\t}\n}\n");
		assertThat(new TestProject(this.directory).run().out()).contains("src/main/java/A.java:2").contains("No Java");
	}

	@Test
	void runWhenSourceIsKotlinThenSaysThatItWasNotRead() throws IOException {
		write("application.properties", COMPLETE);
		write("src/main/kotlin/A.kt",
				"val a = 1\nval filter = ServerOAuth2AuthorizedClientExchangeFilterFunction(manager)\n");
		write("src/main/kotlin/B.kt", "val b = 1\n");
		assertThat(new TestProject(this.directory).run().out()).contains("src/main/kotlin/A.kt:2")
			.contains("Only Java is read")
			.doesNotContain("B.kt");
	}

	@Test
	void runWhenTwoClientsHaveOneUrlThenLeavesOneOutAndSaysHow() throws IOException {
		write("application.properties", COMPLETE + COMPLETE.replace(".a.", ".b."));
		write("src/main/java/A.java", """
				class A {
					void a(WebClient client) {
						client.get().uri("https://api.example/x").attributes(clientRegistrationId("a")).retrieve();
						client.get().uri("https://api.example/x").attributes(clientRegistrationId("b")).retrieve();
					}
				}
				""");
		assertThat(new TestProject(this.directory).run().out())
			.containsOnlyOnce("      base-url: https://api.example/x")
			.contains("# base-url: that of the client a")
			.contains("attributes(TokenAttributes.client(\"b\"))");
	}

	@Test
	void runWhenUrlIsMadeByCodeThenSaysWhere() throws IOException {
		write("application.properties", COMPLETE);
		write("src/main/java/A.java", """
				class A {
					void a(WebClient client, String url) {
						client.get().uri(url).attributes(clientRegistrationId("a")).retrieve();
						client.get().uri("https://api.example" + url).attributes(clientRegistrationId("a")).retrieve();
					}
				}
				""");
		assertThat(new TestProject(this.directory).run().out()).contains("# base-url: ")
			.contains("src/main/java/A.java:3\n    Where this goes is decided when the code runs")
			.contains("src/main/java/A.java:4\n    Where this goes is decided when the code runs");
	}

	@Test
	void runWhenRequestIsMadeInTwoStatementsThenNoOtherClientGetsItsUrl() throws IOException {
		write("application.properties", COMPLETE + COMPLETE.replace(".a.", ".b."));
		write("src/main/java/A.java", """
				class A {
					WebClient client(WebClient.Builder builder) {
						return builder.baseUrl("https://a.example")
							.defaultRequest((request) -> request.attributes(clientRegistrationId("a")))
							.build();
					}
					void b(WebClient.Builder builder) {
						WebClient client = client(builder);
						var request = client().get().uri("https://b.example/x");
						request.attributes(clientRegistrationId("b")).retrieve();
					}
				}
				""");
		assertThat(new TestProject(this.directory).run().out()).containsOnlyOnce("https://b.example")
			.containsSubsequence("    a:\n      base-url: https://a.example\n",
					"    b:\n      base-url: https://b.example/x\n");
	}

	@Test
	void runWhenUrlIsBuiltThenReadsIt() throws IOException {
		write("application.properties", COMPLETE);
		write("src/main/java/A.java", """
				class A {
					void a(WebClient client, String q) {
						URI uri = UriComponentsBuilder.fromUriString("https://a.example").path("/search")
							.queryParam("q", q).build().toUri();
						client.get().uri(uri).attributes(clientRegistrationId("a")).retrieve();
					}
				}
				""");
		assertThat(new TestProject(this.directory).run().out()).contains("base-url: https://a.example/search\n");
	}

	@Test
	void runWhenRestTemplateIsOfBootsBuilderThenThereIsNothingToDoByHand() throws IOException {
		write("application.properties", COMPLETE);
		String source = """
				class A {
					@Bean RestTemplate a(RestTemplateBuilder builder, OAuth2AuthorizedClientManager manager) {
						OAuth2ClientHttpRequestInterceptor interceptor = new OAuth2ClientHttpRequestInterceptor(manager);
						interceptor.setClientRegistrationIdResolver((request) -> "a");
						return builder.rootUri("https://a.example").additionalInterceptors(interceptor).build();
					}
				}
				""";
		write("A.java", source);
		TestProject.Result result = new TestProject(this.directory).run();
		assertThat(result.out()).contains("base-url: https://a.example").contains(":spring-boot-starter-restclient");
		assertThat(result.code()).isZero();
		write("A.java", source.replace("return builder", "return new RestTemplateBuilder()"));
		assertThat(new TestProject(this.directory).run().out()).contains("that Spring Boot injects");
	}

	@Test
	void runWhenImportHasAPasswordThenDoesNotPrintIt() throws IOException {
		write("application.properties", COMPLETE + "spring.config.import=configserver:https://user:secret@config\n");
		assertThat(new TestProject(this.directory).run().out()).contains("configserver:https://..@config")
			.doesNotContain("secret@");
	}

	@Test
	void runWhenConfigurationOfTestsCannotBeReadThenGoesOn() throws IOException {
		write("src/main/resources/application.properties", COMPLETE);
		write("src/test/resources/application.yml", "a: b: c\n");
		write("src/test/resources/application.properties", COMPLETE);
		assertThat(new TestProject(this.directory).run().out()).startsWith("Put this into")
			.contains("src/test/resources/application.yml\n    A test's configuration cannot be read.")
			.contains("src/test/resources/application.properties:1\n    A test has registrations");
	}

	@Test
	void runWhenASecretStandsInAFileThenItIsInTheYamlAlone() throws IOException {
		write("application.properties", COMPLETE.replace("${A}", "planted-secret"));
		assertThat(new TestProject(this.directory).run().out()).containsOnlyOnce("planted-secret")
			.contains("      client-secret: planted-secret\n")
			.contains("application.properties:2\n    A secret stands here in the clear");
		Path output = this.directory.resolve("evertoken.yml");
		TestProject.Result result = new TestProject(this.directory).run("--output=" + output);
		assertThat(result.out() + result.err()).doesNotContain("planted-secret");
		assertThat(output).content().contains("planted-secret");
	}

	@Test
	void runWhenRegistrationIsOfTwoProfilesAloneThenIsAWholeClientInEach() throws IOException {
		write("application-dev.properties", COMPLETE);
		write("application-prod.properties", COMPLETE.replace("idp.example", "other.example"));
		write("A.java", """
				class A {
					void a(WebClient client) {
						client.get().uri("https://api.example/x").attributes(clientRegistrationId("a")).retrieve();
					}
				}
				""");
		TestProject.Result result = new TestProject(this.directory).run();
		assertThat(result.out()).containsSubsequence("on-profile: dev\n", "base-url: https://api.example/x\n",
				"token-uri: https://idp.example/token\n", "---\n", "on-profile: prod\n",
				"base-url: https://api.example/x\n", "token-uri: https://other.example/token\n");
		assertThat(result.code()).isZero();
	}

	@Test
	void runWhenRegistrationIsCompleteInAProfileAloneThenIsNoProblem() throws IOException {
		write("application.properties", PREFIX + "registration.a.client-id=a\n");
		write("application-dev.properties", COMPLETE);
		assertThat(new TestProject(this.directory).run().out()).containsSubsequence("client-id: a\n", "---\n",
				"on-profile: dev\n", "token-uri: https://idp.example/token\n");
	}

	@Test
	void runWhenRegistrationIsForLoginAloneThenThereIsNothingToDo() throws IOException {
		write("application.properties", PREFIX + "registration.github.client-id=a\n");
		write("A.java", """
				class A {
					String name(@RegisteredOAuth2AuthorizedClient("github") OAuth2AuthorizedClient client) {
						return client.getPrincipalName();
					}
					String token(@RegisteredOAuth2AuthorizedClient OAuth2AuthorizedClient client) {
						return client.getAccessToken().getTokenValue();
					}
				}
				""");
		TestProject.Result result = new TestProject(this.directory).run();
		assertThat(result.out()).startsWith("No client of Evertoken").doesNotContain("by hand").contains("github");
		assertThat(result.code()).isZero();
	}

	@Test
	void runWhenRequestHasNoUrlThenGoesToTheBaseUrl() throws IOException {
		write("application.properties", COMPLETE);
		write("A.java", """
				class A {
					private final WebClient client;
					A(WebClient.Builder builder, @Value("${a.url}") String url) {
						this.client = builder.baseUrl(url).build();
					}
					void a() {
						this.client.get().attributes(clientRegistrationId("a")).retrieve();
					}
				}
				""");
		TestProject.Result result = new TestProject(this.directory).run();
		assertThat(result.out()).contains("base-url: ${a.url}\n");
		assertThat(result.code()).isZero();
	}

	@Test
	void runWhenGrantIsUnknownToEvertokenThenIsNotCarriedOver() throws IOException {
		write("application.properties", COMPLETE.replace("client_credentials", "password"));
		TestProject.Result result = new TestProject(this.directory).run();
		assertThat(result.out()).startsWith("No client of Evertoken comes of these registrations.")
			.contains("Evertoken does not have the grant\n    password")
			.doesNotContain("Delete");
		assertThat(result.code()).isEqualTo(MigrateCommand.BY_HAND);
	}

	@Test
	void runWhenClientIsThereAlreadyThenLeavesItAlone() throws IOException {
		write("application.properties", COMPLETE + "evertoken.clients.a.registration-id=a\n");
		assertThat(new TestProject(this.directory).run().out()).startsWith("No client of Evertoken")
			.contains("evertoken.clients.a is there already");
	}

	private static void assertFails(TestProject.Result result, String message) {
		assertThat(result.err().replaceAll("\\s+", " ")).contains(message);
		assertThat(result.out()).isEmpty();
		assertThat(result.code()).isEqualTo(MigrateCommand.FAILED);
	}

	private void write(String file, String text) throws IOException {
		Path path = this.directory.resolve(file);
		Files.createDirectories(path.getParent());
		Files.writeString(path, text);
	}

}
