package io.github.evertoken.boot.autoconfigure.credential;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.SignedJWT;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.KeyFiles;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.boot.autoconfigure.TestProperties;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link ClientAuthenticationFactory}: what the token endpoint gets for the
 * properties of a client.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClientAuthenticationFactoryTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final String SECRET = "planted-secret-of-48-octets-".repeat(2).substring(0, 48);

	@RegisterExtension
	private final AuthorizationServer server = AuthorizationServer.forClients()
		.register("orders", KeyFiles.publicKey("rsa"));

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, EvertokenAutoConfiguration.class));

	@TempDir
	private Path directory;

	@Test
	void clientSecretJwtThenSignsWithTheSecretAsSet() {
		this.server.register("orders", SECRET).requireAssertionAudience("https://idp.internal/realms/shop");
		run(List.of("client-authentication-method=client_secret_jwt", "client-secret=" + SECRET,
				"client-assertion.algorithm=HS384", "client-assertion.audience=https://idp.internal/realms/shop",
				"client-assertion.lifetime=90s", "client-assertion.key-id=key-1"), (context) -> {
					obtainToken(context);
					SignedJWT assertion = assertion(0);
					assertThat(assertion.verify(new MACVerifier(SECRET))).isTrue();
					assertThat(assertion.getHeader().getAlgorithm()).hasToString("HS384");
					assertThat(assertion.getHeader().getKeyID()).isEqualTo("key-1");
					assertThat(assertion.getJWTClaimsSet().getIssuer()).isEqualTo("orders");
					assertThat(assertion.getJWTClaimsSet().getAudience())
						.containsExactly("https://idp.internal/realms/shop");
					assertThat(assertion.getJWTClaimsSet().getExpirationTime().getTime()
							- assertion.getJWTClaimsSet().getIssueTime().getTime())
						.isEqualTo(90_000);
					assertThat(TestClients.form(this.server, 0)).doesNotContainKey("client_secret")
						.containsEntry("client_id", "orders")
						.containsEntry("client_assertion_type",
								"urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
				});
	}

	@ParameterizedTest
	@CsvSource({ "key-location=classpath:keys/rsa.pem,", "key-location=file:src/test/resources/keys/rsa.pem,PS256",
			"key-location=classpath:keys/rsa-encrypted.pem;client-assertion.key-password=correct-horse,RS512" })
	void privateKeyJwtWhenKeyIsInAFileThenSignsWithIt(String key, String algorithm) {
		List<String> properties = privateKeyJwt(key.split(";"));
		if (algorithm != null) {
			properties.add("client-assertion.algorithm=" + algorithm);
		}
		run(properties, (context) -> {
			obtainToken(context);
			assertSignedByKey(assertion(0));
			assertThat(assertion(0).getHeader().getAlgorithm())
				.hasToString(Objects.requireNonNullElse(algorithm, "RS256"));
			assertThat(assertion(0).getJWTClaimsSet().getAudience()).containsExactly(this.server.tokenUri());
		});
	}

	@ParameterizedTest
	@CsvSource({ ",https://idp.internal/shop", "issuer,https://idp.internal/shop", "token-endpoint,",
			"requested-endpoint,", "https://other.internal,https://other.internal" })
	void privateKeyJwtWhenTheIssuerIsConfiguredThenIsForItUnlessAnotherAudienceIsSet(String audience, String expected) {
		this.server.requireAssertionAudience(Objects.requireNonNullElse(expected, this.server.tokenUri()));
		List<String> properties = privateKeyJwt("key-location=classpath:keys/rsa.pem");
		properties.add("issuer-uri=https://idp.internal/shop");
		if (audience != null) {
			properties.add("client-assertion.audience=" + audience);
		}
		run(properties, (context) -> {
			obtainToken(context);
			assertThat(assertion(0).getJWTClaimsSet().getAudience())
				.containsExactly(Objects.requireNonNullElse(expected, this.server.tokenUri()));
		});
	}

	@ParameterizedTest
	@CsvSource({ "orders,rsa-2", "other,rsa" })
	void privateKeyJwtWhenTheKeyStoreHasTwoKeysThenTheBundleSaysWhich(String alias, String key) {
		this.server.register("orders", KeyFiles.publicKey(key));
		List<String> properties = privateKeyJwt("ssl-bundle=orders");
		properties.add("spring.ssl.bundle.jks.orders.keystore.location=classpath:keys/two-keys.p12");
		properties.add("spring.ssl.bundle.jks.orders.keystore.password=correct-horse");
		properties.add("spring.ssl.bundle.jks.orders.key.alias=" + alias);
		run(properties, (context) -> {
			obtainToken(context);
			assertThat(assertion(0).verify(new RSASSAVerifier(KeyFiles.publicKey(key)))).isTrue();
		});
	}

	@Test
	void privateKeyJwtWhenKeyIsAValueThenSignsWithIt() throws JOSEException {
		RSAKey jwk = RSAKey.parse(Objects.requireNonNull(X509CertUtils.parse(KeyFiles.pem("certificate"))));
		run(privateKeyJwt("key=" + KeyFiles.pem("rsa"), "audience=token-endpoint"), (context) -> {
			obtainToken(context);
			assertSignedByKey(assertion(0));
			assertThat(assertion(0).getJWTClaimsSet().getAudience()).containsExactly(this.server.tokenUri());
		});
		run(privateKeyJwt("key={\"kty\":\"RSA\",\"kid\":\"key-1\",\"n\":\"" + jwk.getModulus()
				+ "\",\"e\":\"AQAB\",\"d\":\"" + privateExponent() + "\"}"), (context) -> {
					obtainToken(context);
					assertSignedByKey(assertion(1));
					assertThat(assertion(1).getHeader().getKeyID()).isEqualTo("key-1");
				});
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "spring.ssl.bundle.pem.orders.key.alias=signing", "client-assertion.key-alias=ssl" })
	void privateKeyJwtWhenKeyIsInAnSslBundleThenSignsWithItAndNamesItsCertificate(String more) {
		List<String> properties = privateKeyJwt("ssl-bundle=orders");
		properties.add("spring.ssl.bundle.pem.orders.keystore.certificate=classpath:keys/certificate.pem");
		properties.add("spring.ssl.bundle.pem.orders.keystore.private-key=classpath:keys/rsa.pem");
		properties.add(more);
		run(properties, (context) -> {
			obtainToken(context);
			assertSignedByKey(assertion(0));
			assertThat(assertion(0).getHeader().getX509CertSHA256Thumbprint())
				.isEqualTo(X509CertUtils.computeSHA256Thumbprint(X509CertUtils.parse(KeyFiles.pem("certificate"))));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "client_secret_basic", "client_secret_post", "client_secret_jwt" })
	void secretInAFileWhenReplacedThenTheRefusedRequestIsSentOnceMore(String method) throws IOException {
		Path file = Files.writeString(this.directory.resolve("secret"), SECRET + "\n");
		String next = SECRET.replace('p', 'q');
		this.server.register("orders", next);
		run(List.of("client-authentication-method=" + method, "client-secret-location=" + file.toUri()), (context) -> {
			Files.writeString(file, next);
			obtainToken(context);
			assertThat(this.server).receivedTokenRequests(2);
			assertThat(proves(method, 0, SECRET)).isTrue();
			assertThat(proves(method, 1, next)).isTrue();
		});
	}

	@Test
	void secretInAFileWhenReplacedByNoneThenTheOldOneStaysInUse() throws IOException {
		Path file = Files.writeString(this.directory.resolve("secret"), SECRET);
		run(List.of("client-secret-location=" + file.toUri()), (context) -> {
			Files.writeString(file, SECRET + "\nplanted");
			TokenException ex = catchThrowableOfType(TokenException.class, () -> obtainToken(context));
			assertThat(ex).isInstanceOf(TokenRefusedException.class);
			assertThat(this.server).receivedTokenRequests(1);
		});
	}

	@Test
	void keyInAFileWhenReplacedThenTheRefusedRequestIsSignedWithTheNewOne() throws IOException {
		Path file = Files.writeString(this.directory.resolve("key.pem"), KeyFiles.pem("rsa-2"));
		run(privateKeyJwt("key-location=" + file.toUri()), (context) -> {
			Files.writeString(file, KeyFiles.pem("rsa"));
			obtainToken(context);
			assertSignedByKey(assertion(1));
			assertThat(assertion(0).verify(new RSASSAVerifier(KeyFiles.publicKey("rsa")))).isFalse();
		});
	}

	@Test
	void keyInAnSslBundleWhenReplacedThenTheNextRequestIsSignedWithTheNewOne() {
		this.server.register("orders", KeyFiles.publicKey("rsa-2"));
		run(inBundle(), (context) -> {
			obtainToken(context);
			this.server.register("orders", KeyFiles.publicKey("rsa"));
			update(context, "classpath:keys/rsa.pem");
			context.getBean(TokenManager.class).remove(TokenKey.of("inventory")).block(TIMEOUT);
			obtainToken(context);
			assertThat(this.server).receivedTokenRequests(2);
			assertSignedByKey(assertion(1));
		});
	}

	@Test
	void keyInAnSslBundleWhenReplacedByOneThatCannotBeUsedThenTheLastOneStays(CapturedOutput output) {
		this.server.register("orders", KeyFiles.publicKey("rsa-2"));
		run(inBundle(), (context) -> {
			update(context, "classpath:keys/broken.pem");
			obtainToken(context);
			assertThat(this.server).receivedTokenRequests(1);
			assertThat(output).contains("client-assertion.ssl-bundle has changed, but cannot be used")
				.contains("The last one stays in use");
		});
	}

	private static List<String> inBundle() {
		List<String> properties = privateKeyJwt("ssl-bundle=orders");
		properties.add("spring.ssl.bundle.jks.orders.keystore.location=classpath:keys/two-keys.p12");
		properties.add("spring.ssl.bundle.jks.orders.keystore.password=correct-horse");
		properties.add("spring.ssl.bundle.jks.orders.key.alias=orders");
		return properties;
	}

	private static void update(ApplicationContext context, String privateKey) {
		PemSslStoreDetails store = PemSslStoreDetails.forCertificate("classpath:keys/certificate.pem")
			.withPrivateKey(privateKey);
		context.getBean(SslBundleRegistry.class)
			.updateBundle("orders", SslBundle.of(new PemSslStoreBundle(store, null)));
	}

	@Test
	void clientAssertionWhenFileIsReplacedOrGoneThenIsReadForEachRequest() throws IOException {
		this.server.disturb(TestClients.granted());
		Path file = Files.writeString(this.directory.resolve("token"), "planted.first.x\n");
		String type = "urn:ietf:params:oauth:client-assertion-type:jwt-spiffe";
		run(List.of("client-authentication-method=client_assertion", "client-assertion.location=" + file.toUri(),
				"client-assertion.type=" + type, "retry.patience=0s"), (context) -> {
					obtainToken(context);
					assertThat(TestClients.form(this.server, 0)).containsEntry("client_assertion", "planted.first.x")
						.containsEntry("client_assertion_type", type)
						.containsEntry("client_id", "orders");
					Files.writeString(file, "planted.second.x");
					obtainAnother(context);
					assertThat(TestClients.form(this.server, 1)).containsEntry("client_assertion", "planted.second.x");
					Files.delete(file);
					TokenException ex = catchThrowableOfType(TokenException.class, () -> obtainAnother(context));
					assertThat(ex).isInstanceOf(TransientTokenException.class);
					assertThat(ex.getMessage()).contains("evertoken.clients.inventory.client-assertion.location",
							file.toString(), "does not exist");
					assertThat(this.server).receivedTokenRequests(2);
				});
	}

	@ParameterizedTest
	@ValueSource(strings = { "tls_client_auth", "self_signed_tls_client_auth" })
	void tlsClientAuthThenSendsTheIdentifierAlone(String method) {
		this.server.disturb(TestClients.granted());
		run(List.of("client-authentication-method=" + method), (context) -> {
			obtainToken(context);
			assertThat(TestClients.form(this.server, 0)).containsOnlyKeys("grant_type", "client_id");
		});
	}

	private void run(List<String> properties, ContextConsumer<ConfigurableApplicationContext> test) {
		List<String> all = new ArrayList<>(List.of("evertoken.clients.inventory.base-url=" + this.server.resourceUri(),
				"evertoken.clients.inventory.token-uri=" + this.server.tokenUri(),
				"evertoken.clients.inventory.client-id=orders", "evertoken.clients.inventory.response-timeout=30s",
				"evertoken.clients.inventory.max-wait=30s"));
		properties.stream()
			.filter((property) -> !property.isEmpty())
			.map((property) -> property.startsWith("spring.") ? property : "evertoken.clients.inventory." + property)
			.forEach(all::add);
		Map<String, Object> map = TestProperties.of(all);
		this.contextRunner.withInitializer(
				(context) -> context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", map)))
			.run(test);
	}

	private static List<String> privateKeyJwt(String... properties) {
		List<String> all = new ArrayList<>(List.of("client-authentication-method=private_key_jwt"));
		Arrays.stream(properties)
			.map((property) -> property.startsWith("client-") ? property : "client-assertion." + property)
			.forEach(all::add);
		return all;
	}

	private static void obtainToken(ConfigurableApplicationContext context) {
		context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block(TIMEOUT);
	}

	private static void obtainAnother(ConfigurableApplicationContext context) {
		context.getBean(TokenManager.class).remove(TokenKey.of("inventory")).block(TIMEOUT);
		obtainToken(context);
	}

	private SignedJWT assertion(int index) throws ParseException {
		return SignedJWT.parse(TestClients.form(this.server, index).get("client_assertion"));
	}

	private boolean proves(String method, int index, String secret) throws ParseException, JOSEException {
		return switch (method) {
			case "client_secret_basic" ->
				("Basic " + Base64.getEncoder().encodeToString(("orders:" + secret).getBytes(StandardCharsets.UTF_8)))
					.equals(this.server.requests(Endpoint.TOKEN).get(index).header("Authorization"));
			case "client_secret_post" -> secret.equals(TestClients.form(this.server, index).get("client_secret"));
			default -> assertion(index).verify(new MACVerifier(secret));
		};
	}

	private static void assertSignedByKey(SignedJWT assertion) throws JOSEException {
		assertThat(assertion.verify(new RSASSAVerifier(KeyFiles.publicKey("rsa")))).isTrue();
	}

	private static String privateExponent() {
		try {
			byte[] encoded = Base64.getMimeDecoder().decode(KeyFiles.pem("rsa").replaceAll("-----.*-----", ""));
			return Base64URL.encode(
					((RSAPrivateKey) KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded)))
						.getPrivateExponent())
				.toString();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
