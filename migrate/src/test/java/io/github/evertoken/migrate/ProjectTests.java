package io.github.evertoken.migrate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.evertoken.web.TokenAttributes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the command on projects of different shapes: what it prints is what is expected,
 * and an application that is configured so starts and gets tokens.
 * {@code -Dmigrate.expected.write=true} writes anew what is expected.
 */
class ProjectTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final String SECRET = "a-secret-of-at-least-thirty-two-bytes";

	private static final List<String> SECRETS = List.of("INVENTORY_SECRET", "BILLING_SECRET", "STOCK_SECRET",
			"KEYCLOAK_SECRET", "PARTNER_SECRET", "SHOP_SECRET", "MAIL_SECRET", "GRAPH_SECRET", "GOOGLE_SECRET",
			"OKTA_SECRET", "GITHUB_SECRET", "REPORTS_SECRET");

	private static TokenServer server;

	@TempDir
	Path directory;

	@BeforeAll
	static void startServer() {
		server = new TokenServer();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@ParameterizedTest
	@MethodSource("cases")
	void commandThenPrintsWhatIsExpected(Case test) throws IOException {
		TestProject.Result result = TestProject.named(test.project()).run();
		assertThat(result.err()).isEmpty();
		Path expected = TestProject.PROJECTS.resolve(test.project()).resolve("expected.txt");
		if (Boolean.getBoolean("migrate.expected.write")) {
			Files.writeString(expected, result.out());
		}
		assertThat(result.out()).isEqualTo(Files.readString(expected).replace("\r\n", "\n"));
		assertThat(result.code()).isEqualTo(test.code());
		assertThat(result.out().lines()).allSatisfy((line) -> assertThat(line.length()).satisfiesAnyOf(
				(length) -> assertThat(length).isLessThanOrEqualTo(80),
				(length) -> assertThat(line.strip()).doesNotContain(" ")));
	}

	@ParameterizedTest
	@MethodSource("cases")
	void whatIsPrintedThenStartsAndGetsTokens(Case test) throws IOException {
		TestProject project = TestProject.named(test.project()).copy(this.directory, server);
		project.migrate();
		assertThat(test.calls()).isNotEmpty();
		try (ConfigurableApplicationContext context = start(project, test)) {
			test.before().accept(context);
			for (Call call : test.calls()) {
				String url = server.url(call.path());
				assertThat(call.blocking() ? blocking(context, url) : reactive(context, url, call)).as(call.path())
					.isEqualTo(call.token().equals("none") ? "none" : "Bearer " + call.token());
			}
		}
	}

	@Test
	void casesThenAreAllProjects() throws IOException {
		try (Stream<Path> projects = Files.list(TestProject.PROJECTS)) {
			List<String> names = projects.map((project) -> project.getFileName().toString()).sorted().toList();
			assertThat(names).hasSizeGreaterThanOrEqualTo(15)
				.isEqualTo(cases().map(Case::project).distinct().sorted().toList());
		}
	}

	private ConfigurableApplicationContext start(TestProject project, Case test) {
		Path resources = project.directory().resolve("src/main/resources");
		List<String> args = new ArrayList<>();
		args.add("--spring.config.location=" + "optional:file:" + resources + "/,optional:file:" + resources
				+ "/config/");
		args.add("--spring.main.banner-mode=off");
		args.add("--spring.main.log-startup-info=false");
		SECRETS.forEach((secret) -> args.add("--" + secret + "=" + SECRET));
		for (String client : test.clients()) {
			args.add("--evertoken.clients." + client + ".response-timeout=30s");
			args.add("--evertoken.clients." + client + ".max-wait=30s");
		}
		test.byHand()
			.forEach((property, value) -> args
				.add("--" + property + "=" + value.replace("{server}", server.url("")).replace("{key}", key())));
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.profiles(test.profiles().toArray(String[]::new))
			.run(args.toArray(String[]::new));
	}

	private String key() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(256);
			Path file = this.directory.resolve("key.pem");
			String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
				.encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
			Files.writeString(file, "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
			return "file:" + file;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String blocking(ApplicationContext context, String url) {
		return Objects.requireNonNull(
				context.getBean(RestClient.Builder.class).build().get().uri(url).retrieve().body(String.class));
	}

	private static String reactive(ApplicationContext context, String url, Call call) {
		return Objects.requireNonNull(context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(url)
			.attributes(call.attributes())
			.retrieve()
			.bodyToMono(String.class)
			.block(TIMEOUT));
	}

	/**
	 * Log a user in, whose access token has expired.
	 */
	private static Consumer<ApplicationContext> login(String registration) {
		return (context) -> {
			Instant now = Instant.now();
			OAuth2AuthorizedClient client = new OAuth2AuthorizedClient(
					Objects.requireNonNull(context.getBean(ReactiveClientRegistrationRepository.class)
						.findByRegistrationId(registration)
						.block(TIMEOUT)),
					"alice", new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, "expired", now.minusSeconds(600),
							now.minusSeconds(300)),
					new OAuth2RefreshToken("refresh", now.minusSeconds(600)));
			context.getBean(ReactiveOAuth2AuthorizedClientService.class)
				.saveAuthorizedClient(client, new TestingAuthenticationToken("alice", null))
				.block(TIMEOUT);
		};
	}

	static Stream<Case> cases() {
		String basic = "client_credentials|basic:orders:" + SECRET + "|";
		return Stream.of(
				new Case("basic", 0).clients("inventory")
					.call("/inventory/api/items/1", basic + "inventory.read+inventory.write||/idp/token")
					.call("/inventory/other", "none"),
				new Case("post", 1).clients("billing")
					.call("/billing/api/invoices/1",
							"client_credentials|post:orders:0815|billing.read+billing.write||/idp/token"),
				new Case("secret-jwt", 1).clients("stock")
					.call("/stock/items", "client_credentials|hmac:orders|||/idp/token"),
				new Case("private-key-jwt", 1).clients("ledger")
					.byHand("evertoken.clients.ledger.client-assertion.key-location", "{key}")
					.call("/ledger/v1/entries", "client_credentials|key:orders|ledger||/idp/token"),
				new Case("issuer", 0).clients("keycloak").call("/shop/items", basic + "||/idp/discovered/token"),
				new Case("one-provider", 0).clients("inventory", "billing")
					.call("/internal/inventory/1",
							"client_credentials|basic:orders-inventory:" + SECRET + "|inventory||/idp/token")
					.call("/internal/billing/1",
							"client_credentials|basic:orders-billing:" + SECRET + "|billing||/idp/token"),
				new Case("helper-methods", 0).clients("a", "b", "c", "d")
					.call("/a/1", "client_credentials|basic:orders-a:" + SECRET + "|||/idp/token")
					.call("/b/1", "client_credentials|basic:orders-b:" + SECRET + "|||/idp/token")
					.call("/c/1", "client_credentials|basic:orders-c:" + SECRET + "|||/idp/token")
					.call("/d/1", "client_credentials|basic:orders-d:" + SECRET + "|||/idp/token"),
				new Case("profiles", 1).clients("inventory").call("/inventory/items", basic + "inventory||/idp/token"),
				new Case("profiles", 1).profiles("dev")
					.clients("inventory")
					.call("/inventory/items",
							"client_credentials|post:orders:only-for-development|inventory||/idp/dev/token"),
				new Case("profiles", 1).profiles("partner")
					.clients("inventory", "partner")
					.call("/inventory/items", basic + "inventory||/idp/token")
					.call("/partner/offers",
							"client_credentials|basic:orders-at-partner:" + SECRET + "|||/idp/partner/token"),
				new Case("properties", 1).clients("inventory")
					.call("/inventory/items",
							"client_credentials|basic:orders:s3cr3t+with+%3D+and+%3A+in+it"
									+ "|inventory.read+inventory.write||/idp/token"),
				new Case("properties", 1).profiles("prod")
					.clients("inventory")
					.call("/inventory/items", basic + "inventory.read+inventory.write||/idp/token"),
				new Case("placeholders", 1).clients("inventory", "billing")
					.call("/inventory/api/items", basic + "inventory.read||/idp/token")
					.call("/billing/api/invoices",
							"client_credentials|basic:orders-billing:" + SECRET + "|||/idp/token"),
				new Case("login", 1).clients("shop", "mail")
					.before(login("shop"))
					.call("/basket/api/basket", TokenAttributes.subject("alice"),
							"refresh_token|basic:web:" + SECRET + "|||/idp/token")
					.call("/mail/send", "client_credentials|basic:web-mail:" + SECRET + "|||/idp/token"),
				new Case("token-exchange", 0).clients("stock")
					.call("/stock/items", TokenAttributes.subjectToken("callers"),
							"token-exchange|basic:orders:" + SECRET + "|stock|callers|/idp/token"),
				new Case("jwt-bearer", 1).clients("graph")
					.byHand("evertoken.clients.graph.base-url", "{server}/graph")
					.call("/graph/me", TokenAttributes.subjectToken("callers"),
							"jwt-bearer|post:orders:" + SECRET + "|" + server("/graph/.default")
									+ "|callers|/idp/token"),
				new Case("well-known", 0).clients("google", "okta")
					.byHand("spring.security.oauth2.client.provider.google.token-uri", "{server}/idp/google/token")
					.before(login("google"))
					.call("/drive/v3/files", TokenAttributes.subject("alice"),
							"refresh_token|basic:web:" + SECRET + "|||/idp/google/token")
					.call("/orders/1", basic + "orders||/idp/discovered/token"),
				new Case("rest-client", 1).clients("inventory", "reports")
					.blockingCall("/inventory/items", basic + "||/idp/token")
					.blockingCall("/reports/1", "client_credentials|basic:orders-reports:" + SECRET + "|||/idp/token"),
				new Case("servlet-filter", 1).clients("inventory").call("/inventory/items", basic + "||/idp/token"),
				new Case("http-services", 0).clients("inventory")
					.call("/inventory/api/items/1", basic + "||/idp/token"),
				new Case("relaxed", 1).clients("[inventory.eu]", "stockService")
					.call("/inventory/eu/items", "client_credentials|basic:orders:%231%3A+%22x%22%5C|||/idp/token")
					.call("/stock/items", "client_credentials|basic:4711:yes-and-no|||/idp/token"));
	}

	/**
	 * What was a host in the project.
	 */
	private static String server(String path) {
		return (server != null) ? server.url(path) : path;
	}

	/**
	 * A project, and what comes of it.
	 *
	 * @param project its name
	 * @param code the exit code of the command
	 * @param profiles those that are active
	 * @param clients the clients that it has then
	 * @param byHand what the command cannot know
	 * @param before what happens before the calls
	 * @param calls requests with their tokens
	 */
	record Case(String project, int code, List<String> profiles, List<String> clients, Map<String, String> byHand,
			Consumer<ApplicationContext> before, List<Call> calls) {

		Case(String project, int code) {
			this(project, code, List.of(), List.of(), Map.of(), (context) -> {
			}, List.of());
		}

		Case profiles(String... profiles) {
			return new Case(this.project, this.code, List.of(profiles), this.clients, this.byHand, this.before,
					this.calls);
		}

		Case clients(String... clients) {
			return new Case(this.project, this.code, this.profiles, Arrays.asList(clients), this.byHand, this.before,
					this.calls);
		}

		Case byHand(String property, String value) {
			return new Case(this.project, this.code, this.profiles, this.clients, Map.of(property, value), this.before,
					this.calls);
		}

		Case before(Consumer<ApplicationContext> before) {
			return new Case(this.project, this.code, this.profiles, this.clients, this.byHand, before, this.calls);
		}

		Case call(String path, String token) {
			return call(path, (attributes) -> {
			}, token);
		}

		Case call(String path, Consumer<Map<String, Object>> attributes, String token) {
			return with(new Call(path, attributes, token, false));
		}

		Case blockingCall(String path, String token) {
			return with(new Call(path, (attributes) -> {
			}, token, true));
		}

		private Case with(Call call) {
			List<Call> calls = new ArrayList<>(this.calls);
			calls.add(call);
			return new Case(this.project, this.code, this.profiles, this.clients, this.byHand, this.before,
					List.copyOf(calls));
		}

		@Override
		public String toString() {
			return this.project + this.profiles;
		}

	}

	/**
	 * A request.
	 *
	 * @param path where it goes
	 * @param attributes what it says of its token
	 * @param token the token that it carries, or {@code none}
	 * @param blocking whether a {@code RestClient} makes it
	 */
	record Call(String path, Consumer<Map<String, Object>> attributes, String token, boolean blocking) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
