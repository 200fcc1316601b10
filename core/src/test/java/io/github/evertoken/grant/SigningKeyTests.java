package io.github.evertoken.grant;

import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.X509CertUtils;
import io.github.evertoken.test.TestKeys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link SigningKey}: what it reads and what it refuses. That it signs as it
 * should, a server says in {@code ClientAuthenticationScenarioTests}.
 */
class SigningKeyTests {

	private static final String RSA = TestKeys.pem("rsa-pkcs8");

	/**
	 * From RFC 8812's curve; the JDK has not known it since 16.
	 */
	private static final String SECP256K1 = """
			{"kty":"EC","crv":"secp256k1","x":"eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g",
			"y":"SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg","d":"AQ"}""";

	@ParameterizedTest
	@CsvSource({ "rsa-pkcs8,RS256", "rsa-pkcs1,RS256", "rsa-with-certificate,RS256", "ec-p256-pkcs8,ES256",
			"ec-p256-sec1,ES256", "ec-p384-sec1,ES384", "ec-p521-pkcs8,ES512", "ed25519-pkcs8,EdDSA" })
	void parseWhenPemThenItsAlgorithmIsKnown(String name, String algorithm) {
		SigningKey key = SigningKey.parse(TestKeys.pem(name), null);
		assertThat(key.algorithms().get(0)).hasToString(algorithm);
		assertThat(key.keyId()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "rsa-encrypted", "rsa-encrypted-pbes1" })
	void parseWhenEncryptedThenIsTheSameKey(String name) {
		assertThat(SigningKey.isEncrypted(TestKeys.pem(name))).isTrue();
		assertThat(SigningKey.parse(TestKeys.pem(name), TestKeys.PASSWORD).privateKey())
			.isEqualTo(SigningKey.parse(RSA, null).privateKey());
	}

	@Test
	void parseWhenEncryptedEd25519ThenIsRead() {
		SigningKey key = SigningKey.parse(TestKeys.pem("ed25519-encrypted"), TestKeys.PASSWORD);
		assertThat(key.algorithms()).containsExactly(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);
	}

	@Test
	void parseWhenOfAnOlderFormatThenIsTheSameKeyAsItsPkcs8() {
		assertThat(SigningKey.parse(TestKeys.pem("rsa-pkcs1"), null).privateKey())
			.isEqualTo(SigningKey.parse(RSA, null).privateKey());
		ECPrivateKey sec1 = (ECPrivateKey) SigningKey.parse(TestKeys.pem("ec-p256-sec1"), null).privateKey();
		ECPrivateKey pkcs8 = (ECPrivateKey) SigningKey.parse(TestKeys.pem("ec-p256-pkcs8"), null).privateKey();
		assertThat(sec1.getS()).isEqualTo(pkcs8.getS());
	}

	@Test
	void parseWhenLineBreaksAreWrittenOutOrDosOnesThenIsRead() {
		for (String lineBreak : List.of("\\n", "\r\n")) {
			assertThat(SigningKey.parse(RSA.replace("\n", lineBreak), null).privateKey())
				.isEqualTo(SigningKey.parse(RSA, null).privateKey());
		}
	}

	@Test
	void parseWhenCertificateIsThereThenItsThumbprintIsKnown() {
		String pem = TestKeys.pem("rsa-with-certificate");
		assertThat(SigningKey.parse(pem, null).thumbprint())
			.isEqualTo(X509CertUtils.computeSHA256Thumbprint(certificate(pem)));
	}

	@Test
	@DisplayName("The file of a Google service account, as it is downloaded")
	void parseWhenFileOfAServiceAccountThenTakesItsKeyAndName() {
		String json = JSONObjectUtils.toJSONString(Map.of("type", "service_account", "private_key_id", "key-1",
				"private_key", RSA, "client_email", "orders@shop.iam.gserviceaccount.com"));
		for (String written : List.of(json, json.replace("=", "\\u003d"))) {
			SigningKey key = SigningKey.parse(written, null);
			assertThat(key.privateKey()).isEqualTo(SigningKey.parse(RSA, null).privateKey());
			assertThat(key.keyId()).isEqualTo("key-1");
		}
	}

	@Test
	void parseWhenFileOfAServiceAccountHasNoPemThenSaysSo() {
		for (Object privateKey : List.of("planted", 1, "")) {
			String json = JSONObjectUtils.toJSONString(Map.of("private_key", privateKey));
			assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.parse(json, null))
				.withMessage("is a JSON object whose private_key is not PEM");
		}
	}

	@Test
	void parseWhenJwkThenTakesItsNameAndAlgorithm() throws Exception {
		JWK rsa = new RSAKeyGenerator(2048).keyID("key-1").algorithm(JWSAlgorithm.PS384).generate();
		SigningKey key = SigningKey.parse("\n " + rsa.toJSONString() + "\n", null);
		assertThat(key.keyId()).isEqualTo("key-1");
		assertThat(key.algorithms()).containsExactly(JWSAlgorithm.PS384);
		assertThat(key.privateKey()).isEqualTo(rsa.toRSAKey().toPrivateKey());
		ECKey ec = new ECKeyGenerator(Curve.P_384).generate();
		assertThat(SigningKey.parse(ec.toJSONString(), null).algorithms()).containsExactly(JWSAlgorithm.ES384);
	}

	@Test
	@DisplayName("RFC 8037, appendix A.4: Ed25519 signs as the RFC's example has it")
	void parseWhenJwkIsEd25519ThenSignsAsTheRfc() throws Exception {
		SigningKey key = SigningKey.parse("""
				{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
				"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""", null);
		Base64URL signature = SigningAlgorithms.signer(key.privateKey())
			.sign(null, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".getBytes());
		assertThat(signature)
			.hasToString("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
	}

	@Test
	void parseWhenJwkHasCertificateThenItsThumbprintIsKnown() throws Exception {
		X509Certificate certificate = certificate(TestKeys.pem("rsa-with-certificate"));
		RSAKey jwk = new RSAKey.Builder(RSAKey.parse(certificate)).privateKey(SigningKey.parse(RSA, null).privateKey())
			.build();
		assertThat(SigningKey.parse(jwk.toJSONString(), null).thumbprint())
			.isEqualTo(X509CertUtils.computeSHA256Thumbprint(certificate));
		Base64URL thumbprint = Base64URL.encode("thumbprint");
		JWK named = new ECKey.Builder(new ECKeyGenerator(Curve.P_256).generate()).x509CertSHA256Thumbprint(thumbprint)
			.build();
		assertThat(SigningKey.parse(named.toJSONString(), null).thumbprint()).isEqualTo(thumbprint);
	}

	@ParameterizedTest(name = "{2}")
	@MethodSource
	void parseWhenNoKeyThatCanSignThenSaysWhy(String text, @Nullable String password, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.parse(text, password))
			.withMessageContaining(reason)
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("planted", TestKeys.PASSWORD, "MII"));
	}

	static Stream<Arguments> parseWhenNoKeyThatCanSignThenSaysWhy() throws Exception {
		String encrypted = TestKeys.pem("rsa-encrypted");
		JWK rsa = new RSAKeyGenerator(2048).generate();
		JWK ec = new ECKeyGenerator(Curve.P_256).algorithm(JWSAlgorithm.ES384).generate();
		OctetKeyPair x25519 = new OctetKeyPair.Builder(Curve.X25519, Base64URL.encode("planted"))
			.d(Base64URL.encode("planted"))
			.build();
		return Stream.of(arguments("planted", null, "is neither PEM"), arguments("", null, "is neither PEM"),
				arguments("planted", "planted-password", "is not PEM, yet there is a password"),
				arguments(RSA.substring(0, 900), null, "is not PEM: a line -----BEGIN"),
				arguments(RSA.replace("MII", "M!I"), null, "'PRIVATE KEY' that is not Base64"),
				arguments(RSA.replace("MII", "AAA"), null, "is a private key that cannot be read"),
				arguments(RSA, TestKeys.PASSWORD, "is not encrypted, yet there is a password"),
				arguments(encrypted, null, "is an encrypted private key, and there is no password"),
				arguments(encrypted, "planted-password", "the password is wrong"),
				arguments(TestKeys.pem("rsa-encrypted-pbes1"), "planted-password", "the password is wrong"),
				arguments(TestKeys.pem("rsa-encrypted-traditional"), null, "'openssl pkcs8 -topk8' turns it"),
				arguments("-----BEGIN OPENSSH PRIVATE KEY-----\nplanted\n-----END OPENSSH PRIVATE KEY-----", null,
						"'OPENSSH PRIVATE KEY', which is not supported"),
				arguments("-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----", null,
						"does not name its curve"),
				arguments(TestKeys.pem("rsa-public"), null, "has no private key, but only [PUBLIC KEY]"),
				arguments(TestKeys.pem("rsa-1024"), null, "RSA key of 1024 bits, which is too short"),
				arguments(TestKeys.pem("ec-secp256k1-pkcs8"), null, "a private key"),
				arguments(TestKeys.pem("ed448-pkcs8"), null, "of a type that is not supported; use RSA, EC"),
				arguments(TestKeys.pem("rsa-with-foreign-certificate"), null,
						"certificate that belongs to another key"),
				arguments(RSA + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", null,
						"CERTIFICATE that cannot be read"),
				arguments("{\"kty\":\"RSA\",\"d\":\"planted\"", null, "is neither PEM"),
				arguments("{\"d\":\"planted\"}", null, "is a JWK that cannot be read"),
				arguments("{\"kty\":\"RSA\",\"d\":\"planted\"}", null, "is a JWK that cannot be read"),
				arguments("{\"keys\":[" + rsa.toJSONString() + "]}", null, "is a set of JWKs"),
				arguments(rsa.toPublicJWK().toJSONString(), null, "is a JWK with a public key alone"),
				arguments(rsa.toJSONString(), "planted-password", "yet there is a password"),
				arguments(ec.toJSONString(), null, "alg does not fit its key: ES256 would"),
				arguments(x25519.toJSONString(), null, "is a JWK on a curve that is not supported"),
				arguments(new OctetSequenceKeyGenerator(256).generate().toJSONString(), null, "kty 'oct'"),
				arguments(SECP256K1, null, "use RSA"),
				arguments(new RSAKey.Builder(rsa.toRSAKey()).keyUse(KeyUse.ENCRYPTION).build().toJSONString(), null,
						"is a JWK for encryption"));
	}

	@Test
	void ofWhenKeyStoreThenTakesKeyAndCertificate() throws Exception {
		KeyStore keyStore = keyStore("orders");
		assertThat(SigningKey.of(keyStore, null, "planted-1").thumbprint()).isNotNull()
			.isEqualTo(SigningKey.of(keyStore, "orders", "planted-1").thumbprint());
		assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.of(keyStore, "orders", "planted-2"))
			.withMessageContaining("its password may be wrong")
			.withNoCause();
		assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.of(keyStore, "billing", "planted-1"))
			.withMessageContaining("under the alias 'billing', but the keys [orders]");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> SigningKey.of(keyStore("orders", "billing"), null, "planted-1"))
			.withMessageContaining("has several keys, [orders, billing]");
		assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.of(keyStore(), null, "planted-1"))
			.withMessageContaining("has no private key");
	}

	@Test
	@DisplayName("SE-2: a key does not print itself")
	void toStringThenShowsNoKey() throws Exception {
		RSAKey jwk = new RSAKeyGenerator(2048).keyID("key-1").generate();
		assertThat(SigningKey.parse(jwk.toJSONString(), null)).hasToString("SigningKey[RSA, keyId=key-1]");
		Map<String, Object> json = JSONObjectUtils.parse(jwk.toJSONString());
		assertThat(SigningKey.parse(jwk.toJSONString(), null).toString()).doesNotContain(json.get("d").toString(),
				json.get("n").toString());
	}

	private static KeyStore keyStore(String... aliases) throws Exception {
		KeyStore keyStore = KeyStore.getInstance("JKS");
		keyStore.load(null, null);
		String pem = TestKeys.pem("rsa-with-certificate");
		for (String alias : aliases) {
			keyStore.setKeyEntry(alias, SigningKey.parse(pem, null).privateKey(), "planted-1".toCharArray(),
					new Certificate[] { certificate(pem) });
		}
		return keyStore;
	}

	private static X509Certificate certificate(String pem) {
		return X509CertUtils.parse(pem.substring(0, pem.indexOf("-----BEGIN PRIVATE")));
	}

}
