package io.github.evertoken.dpop;

import java.net.URI;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.evertoken.TokenSet;
import io.github.evertoken.jose.SigningKey;
import io.github.evertoken.test.TestKeys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
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
 * Tests for {@link DpopProofs}.
 */
class DpopProofsTests {

	private static final URI ITEMS = URI.create("https://inventory.internal/items");

	private static final String EC_KEY = ecKey(Curve.P_256);

	private static final String ED25519_KEY = """
			{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
			"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";

	private final DpopProofs proofs = proofs(EC_KEY, null);

	@Test
	void proofThenIsWhatTheRfcAsksFor() throws Exception {
		Instant now = Instant.parse("2026-11-23T12:00:00.700Z");
		JWK key = JWK.parse(EC_KEY);
		DpopKey dpopKey = DpopKey.of(SigningKey.parse(EC_KEY), "ES256");
		DpopProofs proofs = new DpopProofs(() -> dpopKey, false, Clock.fixed(now, ZoneOffset.UTC));
		SignedJWT proof = SignedJWT.parse(proofs.proof("GET", ITEMS, "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"));
		assertThat(proof.getHeader().getType().getType()).isEqualTo("dpop+jwt");
		assertThat(proof.getHeader().getJWK().toJSONObject()).containsOnlyKeys("kty", "crv", "x", "y");
		assertThat(proof.getHeader().getJWK()).isEqualTo(minimal(key));
		JWTClaimsSet claims = proof.getJWTClaimsSet();
		assertThat(claims.toJSONObject()).containsOnlyKeys("jti", "htm", "htu", "iat", "ath")
			.containsEntry("htm", "GET")
			.containsEntry("htu", "https://inventory.internal/items")
			.containsEntry("iat", now.getEpochSecond());
		// RFC 9449, section 7.1, has this token and its hash.
		assertThat(claims.getClaim("ath")).isEqualTo("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
		assertVerifies(proof);
	}

	private static JWK minimal(JWK key) throws ParseException {
		return JWK.parse(Map.copyOf(key.getRequiredParams()));
	}

	private static void assertVerifies(SignedJWT proof) throws Exception {
		assertThat(isSignedByItsKey(proof)).isTrue();
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

	@ParameterizedTest
	@CsvSource({ "https://a.internal/b?c=d#e,https://a.internal/b", "https://A.Internal:443/B,https://a.internal/B",
			"HTTP://a:80,http://a/", "http://a:443/,http://a:443/", "https://a:8443/b%20c/,https://a:8443/b%20c/",
			"https://me:mine@a_b/c,https://a_b/c", "http://[::1]:80/x,http://[::1]/x",
			"http://[0:0::1]/x,http://[0:0::1]/x", "https://a.internal./b,https://a.internal./b",
			"https://b\u00FCcher.internal/x,https://xn--bcher-kva.internal/x" })
	void proofThenNamesTheUriWithoutQueryAndFragment(URI uri, String expected) {
		assertThat(claim(uri, "htu")).isEqualTo(expected);
	}

	@Test
	void proofThenIsNeverTheSame() {
		assertThat(claim(ITEMS, "jti")).isNotEqualTo(claim(ITEMS, "jti"));
	}

	@Test
	void proofWhenOriginHasGivenANonceThenHasIt() {
		assertThat(claim(ITEMS, "nonce")).isNull();
		assertThat(this.proofs.takeNonce(ITEMS, "n1")).isTrue();
		assertThat(claim(URI.create("https://INVENTORY.internal:443/other?x"), "nonce")).isEqualTo("n1");
		assertThat(claim(URI.create("https://inventory.internal./other"), "nonce")).isEqualTo("n1");
		assertThat(claim(URI.create("https://inventory.internal:444/items"), "nonce")).isNull();
		assertThat(claim(URI.create("http://inventory.internal/items"), "nonce")).isNull();
		this.proofs.takeNonce(ITEMS, "n2");
		assertThat(this.proofs.takeNonce(ITEMS, null)).isFalse();
		assertThat(claim(ITEMS, "nonce")).isEqualTo("n2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "a\"b", "a\\b", "\u00e9" })
	void takeNonceWhenItIsNoneThenKeepsTheLast(String wrong) {
		this.proofs.takeNonce(ITEMS, "n1");
		assertThat(this.proofs.takeNonce(ITEMS, wrong)).isFalse();
		assertThat(this.proofs.takeNonce(ITEMS, "x".repeat(1025))).isFalse();
		assertThat(claim(ITEMS, "nonce")).isEqualTo("n1");
	}

	@Test
	void takeNonceWhenThereAreVeryManyOriginsThenKeepsAThousand() {
		DpopNonces nonces = new DpopNonces();
		for (int i = 0; i < 5000; i++) {
			nonces.take(URI.create("https://host" + i), "n");
		}
		long kept = IntStream.range(0, 5000).filter((i) -> nonces.of(URI.create("https://host" + i)) != null).count();
		assertThat(kept).isBetween(1L, 1000L);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ES256", "ES384", "ES512" })
	void withGeneratedKeyThenKeepsTheKey(String algorithm) throws Exception {
		DpopProofs proofs = DpopProofs.withGeneratedKey(algorithm);
		SignedJWT first = SignedJWT.parse(proofs.proof("GET", ITEMS, null));
		SignedJWT second = SignedJWT.parse(proofs.proof("GET", ITEMS, null));
		assertThat(first.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
		assertThat(first.getHeader().getJWK()).isEqualTo(second.getHeader().getJWK());
		assertVerifies(first);
		SignedJWT other = SignedJWT.parse(DpopProofs.withGeneratedKey(algorithm).proof("GET", ITEMS, null));
		assertThat(other.getHeader().getJWK()).isNotEqualTo(first.getHeader().getJWK());
	}

	@Test
	void withGeneratedKeyWhenAlgorithmIsOfAnotherTypeThenRefuses() {
		assertThatIllegalArgumentException().isThrownBy(() -> DpopProofs.withGeneratedKey("RS256"))
			.withMessage("must be ES256 or ES384 or ES512 for a key that is generated, but is 'RS256'");
	}

	@ParameterizedTest
	@MethodSource
	void withKeyWhenKeyIsRightThenUsesTheAlgorithm(String jwk, @Nullable String algorithm, String expected)
			throws Exception {
		SignedJWT proof = SignedJWT.parse(proofs(jwk, algorithm).proof("POST", ITEMS, null));
		assertThat(proof.getHeader().getAlgorithm().getName()).isEqualTo(expected);
		assertThat(proof.getHeader().getJWK().isPrivate()).isFalse();
		assertVerifies(proof);
	}

	static Stream<Arguments> withKeyWhenKeyIsRightThenUsesTheAlgorithm() throws JOSEException {
		RSAKey rsa = TestKeys.rsaJwk().keyID("mine").build();
		String meant = new RSAKey.Builder(rsa).algorithm(JWSAlgorithm.RS384).build().toJSONString();
		return Stream.of(arguments(EC_KEY, null, "ES256"), arguments(EC_KEY, "ES256", "ES256"),
				arguments(ecKey(Curve.P_384), null, "ES384"), arguments(ecKey(Curve.P_521), null, "ES512"),
				arguments(rsa.toJSONString(), null, "RS256"), arguments(rsa.toJSONString(), "RS512", "RS512"),
				arguments(meant, null, "RS384"), arguments(ED25519_KEY, null, "EdDSA"),
				arguments(ED25519_KEY, "Ed25519", "Ed25519"));
	}

	@ParameterizedTest
	@MethodSource
	@Tag("SE-2")
	void withKeyWhenKeyIsWrongThenSaysHow(String key, @Nullable String algorithm, String expected) {
		assertThatIllegalArgumentException().isThrownBy(() -> proofs(key, algorithm)).withMessage(expected);
	}

	static Stream<Arguments> withKeyWhenKeyIsWrongThenSaysHow() {
		return Stream.of(arguments(EC_KEY, "ES384", "must be ES256 to fit the key, but is 'ES384'"),
				arguments(EC_KEY, "none", "must be ES256 to fit the key, but is 'none'"),
				arguments(EC_KEY, "HS256", "must be ES256 to fit the key, but is 'HS256'"),
				arguments(ED25519_KEY, "ES256", "must be EdDSA or Ed25519 to fit the key, but is 'ES256'"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ec-p256-pkcs8", "ed25519-pkcs8" })
	@Tag("SE-2")
	void withKeyWhenItsPublicHalfIsNotKnownThenSaysWhatToDo(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> DpopProofs.withKey(TestKeys.signingKey(name), null))
			.withMessageStartingWith("is a private key without its public half, which a proof has to show")
			.withMessageContaining("-----BEGIN PUBLIC KEY-----");
	}

	@ParameterizedTest
	@ValueSource(strings = { "EC", "Ed25519", "RSA" })
	void withKeyWhenKeyIsAPairThenShowsItsPublicHalf(String type) throws Exception {
		KeyPair pair = type.equals("RSA") ? TestKeys.rsa(1) : KeyPairGenerator.getInstance(type).generateKeyPair();
		DpopProofs proofs = DpopProofs.withKey(SigningKey.of(pair), null);
		assertVerifies(SignedJWT.parse(proofs.proof("GET", ITEMS, "a1")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "P-256", "P-384", "P-521" })
	void withKeyWhenKeyIsAPairThenItsJwkIsMinimal(String curve) throws Exception {
		ECKey key = new ECKeyGenerator(Curve.parse(curve)).generate();
		DpopProofs proofs = DpopProofs.withKey(SigningKey.of(key.toKeyPair()), null);
		assertThat(SignedJWT.parse(proofs.proof("GET", ITEMS, null)).getHeader().getJWK()).isEqualTo(minimal(key));
	}

	@Test
	void withKeyWhenRsaKeyIsAloneThenItsPublicHalfIsKnown() throws Exception {
		DpopProofs proofs = DpopProofs.withKey(SigningKey.of(TestKeys.rsa(1).getPrivate()), null);
		assertVerifies(SignedJWT.parse(proofs.proof("GET", ITEMS, null)));
	}

	@Test
	@DisplayName("RFC 8037, appendix A: the RFC's own pair of keys")
	void withKeyWhenKeyIsEd25519ThenShowsItsPublicHalf() throws Exception {
		JWK key = SignedJWT.parse(proofs(ED25519_KEY, null).proof("GET", ITEMS, null)).getHeader().getJWK();
		assertThat(key.toJSONObject()).containsExactlyInAnyOrderEntriesOf(
				Map.of("kty", "OKP", "crv", "Ed25519", "x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
	}

	@Test
	void fitWhenKeyIsEd25519ThenComparesItsThumbprint() throws Exception {
		DpopProofs proofs = proofs(ED25519_KEY, null);
		// RFC 8037, appendix A.3, has the thumbprint of this key.
		assertThat(proofs.fit(tokens("DPoP", jwt("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")))).isTrue();
		assertThat(proofs.fit(tokens("DPoP", jwt("another")))).isFalse();
	}

	@Test
	void fitWhenTokenIsBoundToThisKeyThenTrue() throws Exception {
		String thumbprint = JWK.parse(EC_KEY).computeThumbprint().toString();
		assertThat(this.proofs.fit(tokens("DPoP", jwt(thumbprint)))).isTrue();
		assertThat(this.proofs.fit(tokens("dpop", jwt(thumbprint)))).isTrue();
		assertThat(this.proofs.fit(tokens("Bearer", jwt(thumbprint)))).isFalse();
		assertThat(this.proofs.fit(tokens("DPoP", jwt("another")))).isFalse();
		assertThat(this.proofs.fit(TokenSet.withRefreshToken("r").tokenType("DPoP").build())).isFalse();
	}

	@Test
	void fitWhenTokenDoesNotTellThenDependsOnWhetherTheKeyCanBeKnown() {
		DpopProofs generated = DpopProofs.withGeneratedKey("ES256");
		for (String token : new String[] { "opaque", "a.b.c", jwt(null) }) {
			assertThat(this.proofs.fit(tokens("DPoP", token))).isTrue();
			assertThat(generated.fit(tokens("DPoP", token))).isFalse();
		}
	}

	@Test
	@Tag("SE-2")
	void toStringThenHasNothingOfTheKey() {
		assertThat(this.proofs.toString() + DpopKey.of(SigningKey.parse(EC_KEY), null))
			.isEqualTo("DpopProofs[key=configured]DpopKey[ES256]");
	}

	private static DpopProofs proofs(String key, @Nullable String algorithm) {
		return DpopProofs.withKey(SigningKey.parse(key), algorithm);
	}

	private static TokenSet tokens(String type, String accessToken) {
		return TokenSet.withAccessToken(accessToken).tokenType(type).build();
	}

	private static String jwt(@Nullable String thumbprint) {
		JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().subject("orders");
		if (thumbprint != null) {
			claims.claim("cnf", Map.of("jkt", thumbprint));
		}
		SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
		try {
			jwt.sign(new MACSigner(new byte[32]));
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
		return jwt.serialize();
	}

	private @Nullable Object claim(URI uri, String name) {
		try {
			return SignedJWT.parse(this.proofs.proof("GET", uri, null)).getJWTClaimsSet().getClaim(name);
		}
		catch (ParseException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String ecKey(Curve curve) {
		try {
			return new ECKeyGenerator(curve).keyID("mine").generate().toJSONString();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
