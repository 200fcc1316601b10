package io.github.evertoken.boot.autoconfigure.credential;

import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.github.evertoken.authentication.JwtClientAuthentication;
import io.github.evertoken.boot.autoconfigure.KeyFiles;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.jose.SigningKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link KeyTextReader}: what is read, and what is refused.
 */
class KeyTextReaderTests {

	private static final String PASSWORD = "correct-horse";

	private static final String RSA = KeyFiles.pem("rsa-pkcs8");

	@ParameterizedTest
	@CsvSource({ "rsa-pkcs8,RS256", "rsa-pkcs1,RS256", "rsa-with-certificate,RS256", "ec-p256-pkcs8,ES256",
			"ec-p256-sec1,ES256", "ec-p384-sec1,ES384", "ec-p521-pkcs8,ES512", "ed25519,EdDSA", "ec,ES256" })
	void readWhenPemThenTheAlgorithmFits(String name, String algorithm) {
		SigningKey key = KeyTextReader.read(KeyFiles.pem(name), null);
		assertThatNoException()
			.isThrownBy(() -> JwtClientAuthentication.privateKeyJwt("orders", key).algorithm(algorithm));
	}

	@ParameterizedTest
	@ValueSource(strings = { "rsa-encrypted", "rsa-encrypted-pbes1" })
	void readWhenEncryptedThenIsTheSameKey(String name) {
		assertThat(KeyTextReader.isEncrypted(KeyFiles.pem(name))).isTrue();
		assertThat(KeyTextReader.isEncrypted(RSA)).isFalse();
		assertThat(privateKey(KeyFiles.pem(name), PASSWORD)).isEqualTo(privateKey(RSA, null));
	}

	@Test
	void readWhenEncryptedEd25519ThenIsRead() {
		assertThat(KeyTextReader.read(KeyFiles.pem("ed25519-encrypted"), PASSWORD))
			.hasToString("SigningKey[EdDSA, keyId=none]");
	}

	@Test
	void readWhenOfAnOlderFormatThenIsTheSameKeyAsItsPkcs8() {
		assertThat(privateKey(KeyFiles.pem("rsa-pkcs1"), null)).isEqualTo(privateKey(RSA, null));
		assertThat(((ECPrivateKey) privateKey(KeyFiles.pem("ec-p256-sec1"), null)).getS())
			.isEqualTo(((ECPrivateKey) privateKey(KeyFiles.pem("ec-p256-pkcs8"), null)).getS());
	}

	@ParameterizedTest
	@ValueSource(strings = { "\\n", "\r\n" })
	void readWhenLineBreaksAreWrittenOutOrDosOnesThenIsRead(String lineBreak) {
		for (String pem : List.of(RSA, KeyFiles.pem("rsa-with-certificate"))) {
			assertThat(privateKey(pem.replace("\n", lineBreak), null)).isEqualTo(privateKey(RSA, null));
		}
	}

	@Test
	@DisplayName("The file of a Google service account, as it is downloaded")
	void readWhenFileOfAServiceAccountThenTakesItsKeyAndName() {
		String json = JSONObjectUtils.toJSONString(Map.of("type", "service_account", "private_key_id", "key-1",
				"private_key", RSA, "client_email", "orders@shop.iam.gserviceaccount.com"));
		for (String written : List.of(json, json.replace("=", "\\u003d"))) {
			assertThat(privateKey(written, null)).isEqualTo(privateKey(RSA, null));
			assertThat(KeyTextReader.read(written, null)).hasToString("SigningKey[RSA, keyId=key-1]");
		}
	}

	@Test
	void readWhenJwkThenTakesItsName() throws Exception {
		ECKey jwk = new ECKeyGenerator(Curve.P_256).keyID("key-1").generate();
		assertThat(KeyTextReader.read("\n " + jwk.toJSONString() + "\n", null))
			.hasToString("SigningKey[EC, keyId=key-1]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "rsa-pkcs8", "rsa-pkcs1", "rsa-with-certificate", "ec", "ed25519" })
	void readWhenPublicHalfIsKnownThenServesForDpop(String name) {
		assertThatNoException()
			.isThrownBy(() -> DpopProofs.withKey(KeyTextReader.read(KeyFiles.pem(name), null), null));
	}

	@Test
	void readWhenPublicKeyStandsBesideThePrivateOneThenServesForDpop() {
		for (String pem : List.of(KeyFiles.pem("ec-p256-sec1") + KeyFiles.pem("ec-p256-public"),
				KeyFiles.pem("ec-p256-public") + KeyFiles.pem("ec-p256-pkcs8"))) {
			assertThatNoException().isThrownBy(() -> DpopProofs.withKey(KeyTextReader.read(pem, null), null));
		}
	}

	@ParameterizedTest(name = "{2}")
	@MethodSource
	void readWhenNoKeyThatCanSignThenSaysWhy(String text, @Nullable String password, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> KeyTextReader.read(text, password))
			.withMessageContaining(reason)
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("planted", PASSWORD, "MII"));
	}

	static Stream<Arguments> readWhenNoKeyThatCanSignThenSaysWhy() throws Exception {
		String encrypted = KeyFiles.pem("rsa-encrypted");
		String notPem = "is a JSON object whose private_key is not PEM";
		return Stream.of(arguments("planted", null, "is neither PEM"), arguments("", null, "is neither PEM"),
				arguments("planted", "planted-password", "is not PEM, yet there is a password"),
				arguments(new ECKeyGenerator(Curve.P_256).generate().toJSONString(), "planted-password",
						"is not PEM, yet there is a password"),
				arguments("{\"private_key\":\"planted\"}", null, notPem),
				arguments("{\"private_key\":1}", null, notPem),
				arguments("{\"kty\":\"RSA\",\"d\":\"planted\"", null, "is neither PEM"),
				arguments(RSA.substring(0, 900), null, "is not PEM: a line -----BEGIN"),
				arguments(RSA.replace("MII", "M!I"), null, "is a private key that cannot be read"),
				arguments(RSA.replace("MII", "AAA"), null, "is a private key that cannot be read"),
				arguments(RSA, PASSWORD, "is not encrypted, yet there is a password"),
				arguments(encrypted, null, "is an encrypted private key, and there is no password"),
				arguments(encrypted, "planted-password", "the password is wrong"),
				arguments(KeyFiles.pem("rsa-encrypted-pbes1"), "planted-password", "the password is wrong"),
				arguments(KeyFiles.pem("rsa-encrypted-traditional"), null, "'openssl pkcs8 -topk8' turns it"),
				arguments("-----BEGIN OPENSSH PRIVATE KEY-----\nplanted\n-----END OPENSSH PRIVATE KEY-----", null,
						"'OPENSSH PRIVATE KEY', which is not supported"),
				arguments(KeyFiles.pem("rsa-public"), null, "has no private key, but only [PUBLIC KEY]"),
				arguments(KeyFiles.pem("rsa-1024"), null, "RSA key of 1024 bits, which is too short"),
				arguments(KeyFiles.pem("ec-secp256k1-pkcs8"), null, "a private key"),
				arguments(KeyFiles.pem("ed448"), null, "of a type that is not supported; use RSA, EC"),
				arguments(KeyFiles.pem("rsa-with-foreign-certificate"), null,
						"certificate that belongs to another key"),
				arguments(KeyFiles.pem("rsa-2") + KeyFiles.pem("rsa-public"), null,
						"public key that belongs to another private key"),
				arguments(RSA + "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", null,
						"PUBLIC KEY that cannot be read"),
				arguments(RSA + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", null,
						"CERTIFICATE that cannot be read"));
	}

	private static PrivateKey privateKey(String text, @Nullable String password) {
		return (PrivateKey) ReflectionTestUtils.getField(KeyTextReader.read(text, password), "privateKey");
	}

}
