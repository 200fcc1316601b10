package io.github.evertoken.jose;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
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
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.X509CertUtils;
import io.github.evertoken.test.TestKeys;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link SigningKey}: what it reads and what it refuses. That it signs as it
 * should, a server says in {@code ClientAuthenticationScenarioTests}.
 */
class SigningKeyTests {

	/**
	 * From RFC 8812's curve; the JDK has not known it since 16.
	 */
	private static final String SECP256K1 = """
			{"kty":"EC","crv":"secp256k1","x":"eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g",
			"y":"SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg","d":"AQ"}""";

	private static final String ED25519_WITH_FOREIGN_X = """
			{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
			"x":"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"}""";

	@ParameterizedTest
	@CsvSource({ "rsa-pkcs8,RS256", "ec-p256-pkcs8,ES256", "ec-p384-pkcs8,ES384", "ec-p521-pkcs8,ES512",
			"ed25519-pkcs8,EdDSA" })
	void ofWhenPrivateKeyThenItsAlgorithmIsKnown(String name, String algorithm) {
		SigningKey key = TestKeys.signingKey(name);
		assertThat(key.algorithms().get(0)).hasToString(algorithm);
		assertThat(key.keyId()).isNull();
		assertThat(key.withKeyId("key-1").keyId()).isEqualTo("key-1");
	}

	@Test
	void ofWhenCertificateIsThereThenItsThumbprintAndPublicKeyAreKnown() {
		SigningKey key = TestKeys.signingKey("rsa-with-certificate");
		assertThat(key.thumbprint())
			.isEqualTo(X509CertUtils.computeSHA256Thumbprint(certificate(TestKeys.pem("rsa-with-certificate"))));
		assertThat(key.publicKey()).isEqualTo(TestKeys.signingKey("rsa-pkcs8").publicKey()).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "EC", "Ed25519", "RSA" })
	void ofWhenPairDoesNotBelongTogetherThenSaysSo(String type) throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
		boolean rsa = type.equals("RSA");
		KeyPair one = rsa ? TestKeys.rsa(1) : generator.generateKeyPair();
		KeyPair other = rsa ? TestKeys.rsa(2) : generator.generateKeyPair();
		KeyPair wrong = new KeyPair(one.getPublic(), other.getPrivate());
		assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.of(wrong))
			.withMessage("has a public key that belongs to another private key");
	}

	@ParameterizedTest
	@ValueSource(strings = { "rsa-1024,RSA key of 1024 bits, which is too short",
			"ed448-pkcs8,of a type that is not supported; use RSA, EC" })
	void ofWhenKeyCannotSignThenSaysWhy(String nameAndReason) {
		String[] parts = nameAndReason.split(",", 2);
		assertThatIllegalArgumentException().isThrownBy(() -> TestKeys.signingKey(parts[0]))
			.withMessageContaining(parts[1]);
	}

	@Test
	void parseWhenJwkThenTakesItsNameAndAlgorithm() throws Exception {
		JWK rsa = TestKeys.rsaJwk().keyID("key-1").algorithm(JWSAlgorithm.PS384).build();
		SigningKey key = SigningKey.parse("\n " + rsa.toJSONString() + "\n");
		assertThat(key.keyId()).isEqualTo("key-1");
		assertThat(key.algorithms()).containsExactly(JWSAlgorithm.PS384);
		assertThat(key.privateKey()).isEqualTo(rsa.toRSAKey().toPrivateKey());
		ECKey ec = new ECKeyGenerator(Curve.P_384).generate();
		assertThat(SigningKey.parse(ec.toJSONString()).algorithms()).containsExactly(JWSAlgorithm.ES384);
	}

	@Test
	@DisplayName("RFC 8037, appendix A.4: Ed25519 signs as the RFC's example has it")
	void parseWhenJwkIsEd25519ThenSignsAsTheRfc() throws Exception {
		SigningKey key = SigningKey.parse("""
				{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
				"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""");
		Base64URL signature = key.signer()
			.sign(null, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".getBytes());
		assertThat(signature)
			.hasToString("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
	}

	@Test
	void parseWhenJwkHasCertificateThenItsThumbprintIsKnown() throws Exception {
		X509Certificate certificate = certificate(TestKeys.pem("rsa-with-certificate"));
		RSAKey jwk = new RSAKey.Builder(RSAKey.parse(certificate))
			.privateKey(TestKeys.signingKey("rsa-pkcs8").privateKey())
			.build();
		assertThat(SigningKey.parse(jwk.toJSONString()).thumbprint())
			.isEqualTo(X509CertUtils.computeSHA256Thumbprint(certificate));
		Base64URL thumbprint = Base64URL.encode("thumbprint");
		JWK named = new ECKey.Builder(new ECKeyGenerator(Curve.P_256).generate()).x509CertSHA256Thumbprint(thumbprint)
			.build();
		assertThat(SigningKey.parse(named.toJSONString()).thumbprint()).isEqualTo(thumbprint);
	}

	@ParameterizedTest(name = "{1}")
	@MethodSource
	void parseWhenNoKeyThatCanSignThenSaysWhy(String text, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.parse(text))
			.withMessageContaining(reason)
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("planted"));
	}

	static Stream<Arguments> parseWhenNoKeyThatCanSignThenSaysWhy() throws Exception {
		JWK rsa = TestKeys.rsaJwk().build();
		JWK ec = new ECKeyGenerator(Curve.P_256).algorithm(JWSAlgorithm.ES384).generate();
		ECKey other = new ECKeyGenerator(Curve.P_256).generate();
		ECKey mixed = new ECKey.Builder(other).d(new ECKeyGenerator(Curve.P_256).generate().getD()).build();
		OctetKeyPair x25519 = new OctetKeyPair.Builder(Curve.X25519, Base64URL.encode("planted"))
			.d(Base64URL.encode("planted"))
			.build();
		return Stream.of(arguments("planted", "is neither PEM"), arguments("", "is neither PEM"),
				arguments("{\"kty\":\"RSA\",\"d\":\"planted\"", "is neither PEM"),
				arguments("{\"d\":\"planted\"}", "is a JWK that cannot be read"),
				arguments("{\"kty\":\"RSA\",\"d\":\"planted\"}", "is a JWK that cannot be read"),
				arguments("{\"keys\":[" + rsa.toJSONString() + "]}", "is a set of JWKs"),
				arguments(rsa.toPublicJWK().toJSONString(), "is a JWK with a public key alone"),
				arguments(ec.toJSONString(), "alg does not fit its key: ES256 would"),
				arguments(mixed.toJSONString(), "public key does not belong to its private one"),
				arguments(ED25519_WITH_FOREIGN_X, "public key does not belong to its private one"),
				arguments(x25519.toJSONString(), "is a JWK on a curve that is not supported"),
				arguments(new OctetSequenceKeyGenerator(256).generate().toJSONString(), "kty 'oct'"),
				arguments(SECP256K1, "use RSA"),
				arguments(new RSAKey.Builder(rsa.toRSAKey()).keyUse(KeyUse.ENCRYPTION).build().toJSONString(),
						"is a JWK for encryption"));
	}

	@Test
	void parseWhenRsaJwkHasNoPrimesThenItsPublicHalfIsKnown() throws Exception {
		RSAKey rsa = TestKeys.rsaJwk().build();
		RSAKey bare = new RSAKey.Builder(rsa.getModulus(), rsa.getPublicExponent())
			.privateExponent(rsa.getPrivateExponent())
			.build();
		assertThat(SigningKey.of(bare).publicKey()).isEqualTo(bare.toPublicJWK());
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
		RSAKey jwk = TestKeys.rsaJwk().keyID("key-1").build();
		assertThat(SigningKey.parse(jwk.toJSONString())).hasToString("SigningKey[RSA, keyId=key-1]");
		Map<String, Object> json = JSONObjectUtils.parse(jwk.toJSONString());
		assertThat(SigningKey.parse(jwk.toJSONString()).toString()).doesNotContain(json.get("d").toString(),
				json.get("n").toString());
	}

	private static KeyStore keyStore(String... aliases) throws Exception {
		KeyStore keyStore = KeyStore.getInstance("JKS");
		keyStore.load(null, null);
		String pem = TestKeys.pem("rsa-with-certificate");
		for (String alias : aliases) {
			keyStore.setKeyEntry(alias, TestKeys.signingKeyOf(pem).privateKey(), "planted-1".toCharArray(),
					new Certificate[] { certificate(pem) });
		}
		return keyStore;
	}

	private static X509Certificate certificate(String pem) {
		return X509CertUtils.parse(pem.substring(0, pem.indexOf("-----BEGIN PRIVATE")));
	}

}
