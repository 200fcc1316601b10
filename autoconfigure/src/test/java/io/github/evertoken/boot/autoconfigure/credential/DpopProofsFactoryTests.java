package io.github.evertoken.boot.autoconfigure.credential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
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
 * client. They check each proof.
 */
class DpopProofsFactoryTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WebClientAutoConfiguration.class, EvertokenAutoConfiguration.class));

	@TempDir
	private Path directory;

	private String[] client(String name, String... more) {
		return TestClients.client(this.server, name,
				Stream.concat(Stream.of("base-url=" + this.server.resourceUri() + "/" + name), Arrays.stream(more))
					.toArray(String[]::new));
	}

	private void call(ConfigurableApplicationContext context, String name) {
		context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(this.server.resourceUri() + "/" + name)
			.retrieve()
			.toBodilessEntity()
			.block(TIMEOUT);
	}

	/**
	 * Return the headers of the proofs that have come, each to the token endpoint and
	 * then to the resource.
	 */
	private List<JWSHeader> proofs() {
		return this.server.requests()
			.stream()
			.flatMap((request) -> request.headers("DPoP").stream())
			.map(DpopProofsFactoryTests::header)
			.toList();
	}

	private static JWSHeader header(String proof) {
		try {
			return SignedJWT.parse(proof).getHeader();
		}
		catch (ParseException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private List<String> schemes() {
		return this.server.requests(Endpoint.RESOURCE)
			.stream()
			.map((request) -> String.valueOf(request.header("Authorization")).split(" ")[0])
			.toList();
	}

	private List<JWK> keys() {
		return proofs().stream().map(JWSHeader::getJWK).toList();
	}

	private List<String> algorithms() {
		return proofs().stream().map((proof) -> proof.getAlgorithm().getName()).toList();
	}

	@ParameterizedTest
	@ValueSource(strings = { "dpop=true", "dpop=TRUE", "dpop.enabled=true" })
	void dpopWhenTrueThenTokensAreBoundToAKeyOfTheClientsOwn(String property) {
		this.contextRunner.withPropertyValues(client("inventory", property))
			.withPropertyValues(client("billing", property))
			.run((context) -> {
				call(context, "inventory");
				call(context, "billing");
				assertThat(schemes()).containsExactly("DPoP", "DPoP");
				assertThat(this.server).receivedResourceRequestsWithAccessTokens(1, 2).refusedNoAccessToken();
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
			assertThat(schemes()).containsExactly("Bearer");
			assertThat(proofs()).isEmpty();
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
