package io.github.evertoken.boot.autoconfigure.credential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DpopProofsFactory}: what the servers get for the properties of a
 * client.
 */
class DpopProofsFactoryTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private final MockWebServer server = new MockWebServer();

	private final List<SignedJWT> proofs = new CopyOnWriteArrayList<>();

	private final List<String> authorizations = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WebClientAutoConfiguration.class, EvertokenAutoConfiguration.class));

	@TempDir
	private Path directory;

	@BeforeEach
	void startServer() throws IOException {
		this.server.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				return answer(request);
			}

		});
		this.server.start();
	}

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	private MockResponse answer(RecordedRequest request) {
		String proof = request.getHeaders().get("DPoP");
		if (proof != null) {
			this.proofs.add(parsed(proof));
		}
		if (request.getUrl().encodedPath().equals("/token")) {
			return new MockResponse.Builder().addHeader("Content-Type", "application/json")
				.body("{\"access_token\":\"a1\",\"token_type\":\"" + ((proof != null) ? "DPoP" : "Bearer") + "\"}")
				.build();
		}
		this.authorizations.add(Objects.requireNonNull(request.getHeaders().get("Authorization")));
		return new MockResponse.Builder().build();
	}

	private static SignedJWT parsed(String proof) {
		try {
			SignedJWT jwt = SignedJWT.parse(proof);
			assertThat(isSignedByItsKey(jwt)).isTrue();
			return jwt;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Nimbus leaves Ed25519 to Google Tink, and the JDK wants its keys in X.509.
	 */
	private static boolean isSignedByItsKey(SignedJWT jwt) throws Exception {
		JWK key = jwt.getHeader().getJWK();
		if (!(key instanceof OctetKeyPair pair)) {
			return jwt.verify(new DefaultJWSVerifierFactory().createJWSVerifier(jwt.getHeader(),
					((AsymmetricJWK) key).toPublicKey()));
		}
		String x509 = "302a300506032b6570032100" + HexFormat.of().formatHex(pair.getDecodedX());
		Signature signature = Signature.getInstance("Ed25519");
		signature.initVerify(KeyFactory.getInstance("Ed25519")
			.generatePublic(new X509EncodedKeySpec(HexFormat.of().parseHex(x509))));
		signature.update(jwt.getSigningInput());
		return signature.verify(jwt.getSignature().decode());
	}

	private String[] client(String name, String... more) {
		return Stream
			.concat(Stream.of("base-url=" + this.server.url("/" + name), "token-uri=" + this.server.url("/token"),
					"client-id=orders", "client-secret=planted-secret", "response-timeout=30s", "max-wait=30s"),
					Arrays.stream(more))
			.map((property) -> "evertoken.clients." + name + "." + property)
			.toArray(String[]::new);
	}

	private void call(ConfigurableApplicationContext context, String name) {
		context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(this.server.url("/" + name).uri())
			.retrieve()
			.toBodilessEntity()
			.block(TIMEOUT);
	}

	private List<JWK> keys() {
		return this.proofs.stream().map((proof) -> proof.getHeader().getJWK()).toList();
	}

	private List<String> algorithms() {
		return this.proofs.stream().map((proof) -> proof.getHeader().getAlgorithm().getName()).toList();
	}

	@ParameterizedTest
	@ValueSource(strings = { "dpop=true", "dpop=TRUE", "dpop.enabled=true" })
	void dpopWhenTrueThenTokensAreBoundToAKeyOfTheClientsOwn(String property) {
		this.contextRunner.withPropertyValues(client("inventory", property))
			.withPropertyValues(client("billing", property))
			.run((context) -> {
				call(context, "inventory");
				call(context, "billing");
				assertThat(this.authorizations).containsExactly("DPoP a1", "DPoP a1");
				assertThat(algorithms()).containsOnly("ES256").hasSize(4);
				assertThat(keys().get(0)).isEqualTo(keys().get(1)).isNotEqualTo(keys().get(2));
				assertThat(keys().get(2)).isEqualTo(keys().get(3));
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "dpop=false", "dpop.enabled=false", "client-id=orders" })
	void dpopWhenFalseThenTokensAreBearerTokens(String property) {
		this.contextRunner.withPropertyValues(client("inventory", property)).run((context) -> {
			call(context, "inventory");
			assertThat(this.authorizations).containsExactly("Bearer a1");
			assertThat(this.proofs).isEmpty();
		});
	}

	@Test
	void algorithmWhenSetThenTheGeneratedKeyIsForIt() {
		this.contextRunner.withPropertyValues(client("inventory", "dpop.enabled=true", "dpop.algorithm=ES384"))
			.run((context) -> {
				call(context, "inventory");
				assertThat(algorithms()).containsExactly("ES384", "ES384");
			});
	}

	@ParameterizedTest
	@CsvSource({ "classpath:keys/ec.pem,,ES256", "file:src/test/resources/keys/ec.pem,ES256,ES256",
			"classpath:keys/rsa.pem,,RS256", "classpath:keys/rsa.pem,PS256,PS256", "classpath:keys/ed25519.pem,,EdDSA",
			"classpath:keys/ed25519.pem,Ed25519,Ed25519" })
	void keyWhenInAFileThenIsUsedByEveryInstance(String location, String algorithm, String expected) {
		String[] properties = client("inventory", "dpop.enabled=true", "dpop.key-location=" + location,
				(algorithm != null) ? "dpop.algorithm=" + algorithm : "dpop.enabled=true");
		for (int i = 0; i < 2; i++) {
			this.contextRunner.withPropertyValues(properties).run((context) -> call(context, "inventory"));
		}
		assertThat(algorithms()).containsOnly(expected).hasSize(4);
		assertThat(keys()).containsOnly(keys().get(0));
	}

	@Test
	void keyWhenEncryptedThenNeedsThePassword() {
		this.contextRunner
			.withPropertyValues(client("inventory", "dpop.enabled=true",
					"dpop.key-location=classpath:keys/rsa-encrypted.pem", "dpop.key-password=correct-horse"))
			.run((context) -> {
				call(context, "inventory");
				assertThat(algorithms()).containsOnly("RS256");
			});
	}

	@Test
	void keyWhenJwkThenNothingButTheKeyIsSent() throws Exception {
		ECKey key = new ECKeyGenerator(Curve.P_384).keyID("mine").generate();
		Path file = this.directory.resolve("key.jwk");
		write(file, key.toJSONString());
		this.contextRunner
			.withPropertyValues(client("inventory", "dpop.enabled=true", "dpop.key-location=" + file.toUri()))
			.run((context) -> {
				call(context, "inventory");
				assertThat(keys().get(0).toJSONObject()).containsOnlyKeys("kty", "crv", "x", "y");
				assertThat(keys().get(0).computeThumbprint()).isEqualTo(key.computeThumbprint());
			});
	}

	private static void write(Path file, String text) {
		try {
			Files.writeString(file, text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	@DisplayName("CF-1: DPoP with a TokenIssuer bean stops the start")
	void dpopWhenThereIsATokenIssuerBeanThenStopsTheStart() {
		this.contextRunner.withPropertyValues(client("inventory", "dpop=true"))
			.withBean("inventory", TokenIssuer.class, () -> (request) -> Mono.empty())
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("evertoken.clients.inventory.dpop.enabled: must be 'false', for the TokenIssuer"
						+ " bean 'inventory' obtains the client's tokens"));
	}

}
