package io.github.evertoken.authentication;

import java.time.Duration;

import io.github.evertoken.test.TestKeys;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for what {@link JwtClientAuthentication} refuses. What it sends, a server
 * verifies in {@link ClientAuthenticationScenarioTests}.
 */
class JwtClientAuthenticationTests {

	@ParameterizedTest
	@CsvSource({ "rsa-pkcs8,ES256,RS256 or RS384 or RS512 or PS256 or PS384 or PS512", "rsa-pkcs8,HS256,RS256 or",
			"rsa-pkcs8,rs256,RS256 or", "ec-p256-pkcs8,ES384,must be ES256 to fit",
			"ec-p384-pkcs8,RS256,must be ES384 to", "ec-p521-pkcs8,ES256,must be ES512 to",
			"ed25519-pkcs8,ES256,EdDSA or Ed25519", "ed25519-pkcs8,none,EdDSA or" })
	void algorithmWhenItDoesNotFitTheKeyThenSaysWhichWould(String name, String algorithm, String expected) {
		JwtClientAuthentication.Builder builder = JwtClientAuthentication.privateKeyJwt("orders",
				TestKeys.signingKey(name));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.algorithm(algorithm))
			.withMessageContaining(expected)
			.withMessageContaining("but is '" + algorithm + "'");
	}

	@Test
	void algorithmWhenSecretThenIsAnHmac() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> JwtClientAuthentication.clientSecretJwt("orders", "planted").algorithm("RS256\n"))
			.withMessage("must be HS256 or HS384 or HS512 to fit the key, but is 'RS256?'");
	}

	@ParameterizedTest
	@DisplayName("RFC 7518, 3.2: a secret is as long as the hash")
	@CsvSource({ "31,HS256,32", "47,HS384,48", "63,HS512,64" })
	void buildWhenSecretIsShorterThanTheHashThenSaysHowLongItMustBe(int length, String algorithm, int needed) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> JwtClientAuthentication.clientSecretJwt("orders", "p".repeat(length))
				.algorithm(algorithm)
				.build())
			.withMessage("has %d octets, which is too short: %s needs %d".formatted(length, algorithm, needed));
		assertThat(JwtClientAuthentication.clientSecretJwt("orders", "p".repeat(needed)).algorithm(algorithm).build())
			.hasToString("JwtClientAuthentication[" + algorithm + "]");
	}

	@Test
	void builderWhenArgumentsWrongThenSaysWhich() {
		JwtClientAuthentication.Builder builder = JwtClientAuthentication.clientSecretJwt("orders", "p".repeat(32));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.lifetime(Duration.ZERO))
			.withMessage("must be from PT1S to PT1H, but is PT0S");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.lifetime(Duration.ofMinutes(61)));
		assertThatIllegalArgumentException().isThrownBy(() -> JwtClientAuthentication.clientSecretJwt(" ", "p"))
			.withMessageContaining("identifier");
		assertThatIllegalArgumentException().isThrownBy(() -> JwtClientAuthentication.clientSecretJwt("orders", ""))
			.withMessageContaining("secret");
	}

}
