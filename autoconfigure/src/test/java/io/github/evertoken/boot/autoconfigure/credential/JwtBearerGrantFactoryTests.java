package io.github.evertoken.boot.autoconfigure.credential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.KeyFiles;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.boot.autoconfigure.TestProperties;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.ReceivedRequest;
import io.github.evertoken.web.SubjectResolver;
import io.github.evertoken.web.TokenAttributes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link JwtBearerGrantFactory}: a service account that is configured by
 * properties alone, against a token endpoint that verifies all that it signs.
 */
@ExtendWith(OutputCaptureExtension.class)
class JwtBearerGrantFactoryTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final TokenKey KEY = TokenKey.of("inventory");

	private static final String ACCOUNT = "orders@project.example";

	@RegisterExtension
	private final AuthorizationServer server = AuthorizationServer.forClients()
		.register(ACCOUNT, KeyFiles.publicKey("rsa"));

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class, WebClientAutoConfiguration.class,
				EvertokenAutoConfiguration.class))
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=100ms");

	@TempDir
	private Path directory;

	@Test
	void assertionWhenItsKeyAndIssuerAreSetThenIsGrantedAnewEachTime() {
		run(List.of("assertion.issuer=" + ACCOUNT, "assertion.key-location=classpath:keys/rsa.pem"), (context) -> {
			obtainToken(context);
			obtainAnother(context);
			assertThat(this.server).receivedTokenRequests(2);
			assertThat(TestClients.form(this.server, 0)).containsOnlyKeys("grant_type", "assertion");
			assertThat(this.server.requests(Endpoint.TOKEN).get(0).header("Authorization")).isNull();
			assertThat(assertion(0).getJWTClaimsSet().getClaims()).containsOnlyKeys("iss", "sub", "aud", "jti", "iat",
					"exp");
			assertThat(lifetime(0)).isEqualTo(60_000);
		});
	}

	@Test
	void assertionWhenEverythingIsSetThenEveryValueArrives() {
		this.server.requireAssertionAudience("https://login.example");
		run(List.of("assertion.issuer=" + ACCOUNT, "assertion.subject=admin@example",
				"assertion.key-location=classpath:keys/rsa-encrypted.pem", "assertion.key-password=correct-horse",
				"assertion.key-id=key-1", "assertion.algorithm=PS256", "assertion.audience=https://login.example",
				"assertion.lifetime=3m", "assertion.claims.scope=drive.readonly drive.file",
				"assertion.claims.box_sub_type=enterprise", "assertion.claims.[https://a.example/b]=c"), (context) -> {
					obtainToken(context);
					assertThat(assertion(0).getHeader().getKeyID()).isEqualTo("key-1");
					assertThat(assertion(0).getHeader().getAlgorithm()).hasToString("PS256");
					assertThat(lifetime(0)).isEqualTo(180_000);
					assertThat(assertion(0).getJWTClaimsSet().getClaims())
						.containsEntry("scope", "drive.readonly drive.file")
						.containsEntry("box_sub_type", "enterprise")
						.containsEntry("https://a.example/b", "c")
						.containsEntry("sub", "admin@example");
				});
	}

	@ParameterizedTest
	@CsvSource({ ",https://idp.internal/shop", "issuer,https://idp.internal/shop", "token-endpoint,",
			"https://other.internal,https://other.internal" })
	void audienceWhenTheIssuerIsConfiguredThenIsTheIssuerUnlessAnotherIsSet(@Nullable String audience,
			@Nullable String expected) {
		this.server.requireAssertionAudience(Objects.requireNonNullElse(expected, this.server.tokenUri()));
		run(List.of("assertion.issuer=" + ACCOUNT, "assertion.key-location=classpath:keys/rsa.pem",
				"issuer-uri=https://idp.internal/shop",
				(audience != null) ? "assertion.audience=" + audience : "scope=read"),
				JwtBearerGrantFactoryTests::obtainToken);
	}

	@Test
	void clientIdWhenItIsSetThenIsTheIssuerAndIsSent() {
		this.server.disturb(TestClients.granted());
		run(List.of("client-id=orders", "assertion.key-location=classpath:keys/rsa.pem"), (context) -> {
			obtainToken(context);
			assertThat(TestClients.form(this.server, 0)).containsEntry("client_id", "orders");
			assertThat(assertion(0).verify(new RSASSAVerifier(KeyFiles.publicKey("rsa")))).isTrue();
			assertThat(assertion(0).getJWTClaimsSet().getClaims()).containsEntry("iss", "orders")
				.containsEntry("sub", "orders");
		});
	}

	@Test
	void clientAuthenticationWhenThereIsOneThenIsSentBesideTheAssertion() {
		this.server.disturb(TestClients.granted());
		run(List.of("client-authentication-method=client_secret_basic", "client-id=orders", "client-secret=planted",
				"assertion.issuer=" + ACCOUNT, "assertion.key-location=classpath:keys/rsa.pem"), (context) -> {
					obtainToken(context);
					assertThat(this.server.requests(Endpoint.TOKEN).get(0).header("Authorization"))
						.startsWith("Basic ");
					assertThat(assertion(0).verify(new RSASSAVerifier(KeyFiles.publicKey("rsa")))).isTrue();
					assertThat(assertion(0).getJWTClaimsSet().getIssuer()).isEqualTo(ACCOUNT);
				});
	}

	@ParameterizedTest
	@ValueSource(strings = { "value", "bundle" })
	void keyWhenItIsNotInAFileThenSignsToo(String where) {
		List<String> properties = new ArrayList<>(List.of("assertion.issuer=" + ACCOUNT));
		properties.addAll(where.equals("value") ? List.of("assertion.key=" + KeyFiles.pem("rsa"))
				: List.of("assertion.ssl-bundle=orders",
						"spring.ssl.bundle.pem.orders.keystore.certificate=classpath:keys/certificate.pem",
						"spring.ssl.bundle.pem.orders.keystore.private-key=classpath:keys/rsa.pem"));
		run(properties, (context) -> {
			obtainToken(context);
			assertThat(assertion(0).getHeader().getX509CertSHA256Thumbprint() != null)
				.isEqualTo(where.equals("bundle"));
		});
	}

	@Test
	void keyWhenItIsAnotherThenIsRefusedAndNamesTheReason() {
		run(List.of("assertion.issuer=" + ACCOUNT, "assertion.key-location=classpath:keys/rsa-2.pem"), (context) -> {
			TokenException ex = catchThrowableOfType(TokenException.class, () -> obtainToken(context));
			assertThat(ex.error()).isEqualTo("invalid_grant");
			assertThat(ex.errorDescription()).startsWith("The assertion is not signed with what client '" + ACCOUNT);
		});
	}

	@Test
	void keyWhenItIsReplacedInItsFileThenTheNextTokenIsObtainedWithTheNewOne() throws IOException {
		Path file = Files.writeString(this.directory.resolve("key.pem"), KeyFiles.pem("rsa"));
		run(List.of("assertion.issuer=" + ACCOUNT, "assertion.key-location=" + file.toUri(), "retry.patience=0s"),
				(context) -> {
					obtainToken(context);
					this.server.register(ACCOUNT, KeyFiles.publicKey("rsa-2"));
					Files.writeString(file, KeyFiles.pem("rsa-2"));
					obtainAnother(context);
					assertThat(this.server).receivedTokenRequests(2);
					Files.writeString(file, "planted");
					TokenException ex = catchThrowableOfType(TokenException.class, () -> obtainAnother(context));
					assertThat(ex).isInstanceOf(TransientTokenException.class);
					assertThat(ex.getMessage())
						.contains("evertoken.clients.inventory.assertion.key-location is neither PEM")
						.doesNotContain("planted");
				});
	}

	@Test
	void keyWhenItIsReplacedInItsSslBundleThenTheNextTokenIsObtainedWithTheNewOne() {
		this.server.register(ACCOUNT, KeyFiles.publicKey("rsa-2"));
		run(inBundle(), (context) -> {
			obtainToken(context);
			this.server.register(ACCOUNT, KeyFiles.publicKey("rsa"));
			update(context, "classpath:keys/rsa.pem");
			obtainAnother(context);
			assertThat(this.server).receivedTokenRequests(2);
		});
	}

	@Test
	void keyWhenItIsReplacedInItsSslBundleByOneThatCannotBeUsedThenTheLastOneStays(CapturedOutput output) {
		this.server.register(ACCOUNT, KeyFiles.publicKey("rsa-2"));
		run(inBundle(), (context) -> {
			update(context, "classpath:keys/rsa-2.pem");
			obtainToken(context);
			assertThat(this.server).receivedTokenRequests(1);
			assertThat(output).contains("assertion.ssl-bundle has changed, but cannot be used")
				.contains("The last one stays in use");
		});
	}

	private static List<String> inBundle() {
		return List.of("assertion.issuer=" + ACCOUNT, "assertion.ssl-bundle=orders",
				"spring.ssl.bundle.jks.orders.keystore.location=classpath:keys/two-keys.p12",
				"spring.ssl.bundle.jks.orders.keystore.password=correct-horse",
				"spring.ssl.bundle.jks.orders.key.alias=orders");
	}

	private static void update(ConfigurableApplicationContext context, String privateKey) {
		PemSslStoreDetails store = PemSslStoreDetails.forCertificate("classpath:keys/certificate.pem")
			.withPrivateKey(privateKey);
		context.getBean(SslBundleRegistry.class)
			.updateBundle("orders", SslBundle.of(new PemSslStoreBundle(store, null)));
	}

	@Test
	void subjectWhenARequestNamesOneThenTheAssertionIsOnItsBehalf() {
		run(List.of("assertion.issuer=" + ACCOUNT, "assertion.key-location=classpath:keys/rsa.pem"), (context) -> {
			webClient(context).get()
				.uri(this.server.resourceUri() + "/items")
				.attributes(TokenAttributes.subject("alice"))
				.retrieve()
				.toBodilessEntity()
				.block(TIMEOUT);
			assertThat(this.server.requests(Endpoint.TOKEN)).singleElement()
				.extracting(ReceivedRequest::subject)
				.isEqualTo("alice");
		});
	}

	@ParameterizedTest
	@CsvSource({ "false," + ACCOUNT, "true,alice" })
	void subjectWhenItIsResolvedThenIsAskedForOnlyIfSaid(boolean resolve, String expected) {
		List<String> properties = new ArrayList<>(
				List.of("assertion.issuer=" + ACCOUNT, "assertion.key-location=classpath:keys/rsa.pem"));
		if (resolve) {
			properties.add("subjects.resolve=true");
		}
		run(this.contextRunner.withBean(SubjectResolver.class, () -> (request) -> Mono.just("alice")), properties,
				(context) -> {
					webClient(context).get()
						.uri(this.server.resourceUri() + "/items")
						.retrieve()
						.toBodilessEntity()
						.block(TIMEOUT);
					assertThat(this.server.requests(Endpoint.TOKEN)).singleElement()
						.extracting(ReceivedRequest::subject)
						.isEqualTo(expected);
				});
	}

	@Test
	void startWhenRequiredThenTheTokenIsThereAtTheStart() {
		run(List.of("assertion.issuer=" + ACCOUNT, "assertion.key-location=classpath:keys/rsa.pem", "start=required"),
				(context) -> assertThat(this.server).receivedTokenRequests(1));
	}

	private void run(List<String> properties, ContextConsumer<ConfigurableApplicationContext> test) {
		run(this.contextRunner, properties, test);
	}

	private void run(ApplicationContextRunner contextRunner, List<String> properties,
			ContextConsumer<ConfigurableApplicationContext> test) {
		List<String> all = new ArrayList<>(List.of("evertoken.clients.inventory.base-url=" + this.server.resourceUri(),
				"evertoken.clients.inventory.token-uri=" + this.server.tokenUri(),
				"evertoken.clients.inventory.grant-type=jwt_bearer",
				"evertoken.clients.inventory.client-authentication-method=none",
				"evertoken.clients.inventory.response-timeout=30s", "evertoken.clients.inventory.max-wait=30s"));
		properties.stream()
			.map((property) -> property.startsWith("spring.") ? property : "evertoken.clients.inventory." + property)
			.forEach(all::add);
		Map<String, Object> map = TestProperties.of(all);
		contextRunner.withInitializer(
				(context) -> context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", map)))
			.run(test);
	}

	private static void obtainToken(ConfigurableApplicationContext context) {
		assertThat(context.getBean(TokenManager.class).token(KEY).block(TIMEOUT)).isNotNull();
	}

	private static void obtainAnother(ConfigurableApplicationContext context) {
		context.getBean(TokenManager.class).remove(KEY).block(TIMEOUT);
		obtainToken(context);
	}

	private static WebClient webClient(ApplicationContext context) {
		return context.getBean(WebClient.Builder.class).build();
	}

	private SignedJWT assertion(int index) throws ParseException {
		return SignedJWT.parse(TestClients.form(this.server, index).get("assertion"));
	}

	private long lifetime(int index) throws ParseException {
		JWTClaimsSet claims = assertion(index).getJWTClaimsSet();
		return claims.getExpirationTime().getTime() - claims.getIssueTime().getTime();
	}

}
