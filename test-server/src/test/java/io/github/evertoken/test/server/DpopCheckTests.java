package io.github.evertoken.test.server;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for the proofs of possession that an {@link AuthorizationServer} wants (RFC 9449,
 * section 4.3): what is not quite right is refused.
 */
@Tag("TE-1")
class DpopCheckTests {

	private static final ECKey KEY = key(Curve.P_256);

	@RegisterExtension
	final AuthorizationServer server = AuthorizationServer.forClients("inventory").requireDpop();

	private final Http http = new Http(this.server);

	private final Map<String, Object> header = new LinkedHashMap<>();

	private final Map<String, Object> claims = new LinkedHashMap<>();

	@BeforeEach
	void begin() {
		this.header.clear();
		this.claims.clear();
		this.header.putAll(Map.of("typ", "dpop+jwt", "alg", "ES256", "jwk", KEY.toPublicJWK().toJSONObject()));
		this.claims.putAll(Map.of("htm", "POST", "htu", this.server.tokenUri(), "iat", Instant.now().getEpochSecond(),
				"jti", UUID.randomUUID().toString()));
	}

	private void next() {
		this.claims.put("jti", UUID.randomUUID().toString());
	}

	static Stream<Arguments> wrong() {
		return Stream.of(header("typ is missing", "typ", (header) -> header.remove("typ")),
				header("typ is another", "typ", (header) -> header.put("typ", "JWT")),
				header("there is no key", "no public key", (header) -> header.remove("jwk")),
				header("the key is private", "cannot be read", (header) -> header.put("jwk", KEY.toJSONObject())),
				header("the key is another", "signature",
						(header) -> header.put("jwk", key(Curve.P_256).toPublicJWK().toJSONObject())),
				header("the key is on another curve", "signature",
						(header) -> header.put("jwk", key(Curve.P_384).toPublicJWK().toJSONObject())),
				header("the algorithm is another", "signature", (header) -> header.put("alg", "ES384")),
				header("the algorithm is none", "cannot be read", (header) -> header.put("alg", "none")),
				header("something is critical", "signature",
						(header) -> header.putAll(Map.of("crit", List.of("a"), "a", 1))),
				claims("htm is missing", "htm", (claims) -> claims.remove("htm")),
				claims("htm is another", "htm", (claims) -> claims.put("htm", "GET")),
				claims("htm is in lower case", "htm", (claims) -> claims.put("htm", "post")),
				claims("htu is missing", "htu", (claims) -> claims.remove("htu")),
				claims("htu is another", "htu", (claims) -> claims.put("htu", "https://elsewhere.example/token")),
				claims("htu has a query", "htu", (claims) -> claims.put("htu", claims.get("htu") + "?a=b")),
				claims("htu has a fragment", "htu", (claims) -> claims.put("htu", claims.get("htu") + "#a")),
				claims("htu has another path", "htu", (claims) -> claims.put("htu", claims.get("htu") + "/")),
				claims("iat is missing", "iat", (claims) -> claims.remove("iat")),
				claims("iat is ahead", "iat", (claims) -> claims.put("iat", Instant.now().getEpochSecond() + 60)),
				claims("iat is long ago", "iat", (claims) -> claims.put("iat", Instant.now().getEpochSecond() - 600)),
				claims("jti is missing", "no jti", (claims) -> claims.remove("jti")),
				claims("jti is empty", "no jti", (claims) -> claims.put("jti", "")),
				claims("jti is no text", "cannot be read", (claims) -> claims.put("jti", 7)),
				claims("ath is there", "ath", (claims) -> claims.put("ath", "a")));
	}

	private static Arguments header(String name, String description, Consumer<Map<String, Object>> change) {
		return arguments(name, description, (Consumer<DpopCheckTests>) (test) -> change.accept(test.header));
	}

	private static Arguments claims(String name, String description, Consumer<Map<String, Object>> change) {
		return arguments(name, description, (Consumer<DpopCheckTests>) (test) -> change.accept(test.claims));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("wrong")
	void proofWhenSomethingIsWrongThenIsRefused(String name, String description, Consumer<DpopCheckTests> change)
			throws Exception {
		assertThat(token(proof()).statusCode()).isEqualTo(200);
		next();
		change.accept(this);
		assertRefused(token(proof()), description);
	}

	@Test
	void proofWhenItIsShownTwiceThenIsRefused() throws Exception {
		String proof = proof();
		assertThat(token(proof).statusCode()).isEqualTo(200);
		assertRefused(token(proof), "The jti was used before");
	}

	@Test
	void proofWhenThereAreTwoThenIsRefused() throws Exception {
		String proof = proof();
		next();
		assertRefused(token(proof, proof()), "2 proofs");
		assertRefused(token(), "no DPoP header");
		assertThat(this.server).issuedAccessTokens(0);
	}

	@Test
	@DisplayName("a signature that anybody can have made: with a secret, with the public key for one, or none")
	void proofWhenItIsSignedWithASecretThenIsRefused() throws Exception {
		this.header.put("alg", "HS256");
		assertRefused(token(proof(new MACSigner(KEY.toPublicKey().getEncoded()))), "signature");
		byte[] secret = new byte[32];
		this.header.put("jwk", Map.of("kty", "oct", "k", Base64URL.encode(secret).toString()));
		assertRefused(token(proof(new MACSigner(secret))), "cannot be read");
		this.header.putAll(Map.of("alg", "none", "jwk", KEY.toPublicJWK().toJSONObject()));
		assertRefused(token(unsigned() + "."), "cannot be read");
		for (String nonsense : List.of("a", "a.b.c", "", "..", unsigned())) {
			assertRefused(token(nonsense), "cannot be read");
		}
	}

	@Test
	void proofWhenTheKeyIsOnACurveForOtherThingsThenIsRefused() throws Exception {
		KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
		byte[] encoded = pair.getPublic().getEncoded();
		String x = Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)).toString();
		this.header.put("alg", "EdDSA");
		this.header.put("jwk", Map.of("kty", "OKP", "crv", "Ed25519", "x", x));
		assertThat(token(edwards(pair.getPrivate())).statusCode()).isEqualTo(200);
		next();
		this.header.put("jwk", Map.of("kty", "OKP", "crv", "X25519", "x", x));
		assertRefused(token(edwards(pair.getPrivate())), "cannot be read");
		this.header.put("jwk", Map.of("kty", "OKP", "crv", "Ed25519", "x", x.substring(2)));
		assertRefused(token(edwards(pair.getPrivate())), "cannot be read");
	}

	@Test
	void proofWhenTheRsaKeyIsShortThenIsRefused() throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
		generator.initialize(1024);
		KeyPair pair = generator.generateKeyPair();
		this.header.putAll(Map.of("alg", "RS256", "jwk",
				new RSAKey.Builder((RSAPublicKey) pair.getPublic()).build().toJSONObject()));
		assertRefused(token(proof(new RSASSASigner(pair.getPrivate(), Set.of(AllowWeakRSAKey.getInstance())))),
				"signature");
	}

	@Test
	void proofAtTheResourceThenIsForTheAccessTokenThatComesWithIt() throws Exception {
		String token = Http.member(token(proof()), "access_token");
		next();
		String other = Http.member(token(proof()), "access_token");
		next();
		this.claims.putAll(Map.of("htm", "GET", "htu", this.server.resourceUri() + "/items/7"));
		assertChallenged(resource(token), "ath");
		this.claims.put("ath", sha256(other));
		assertChallenged(resource(token), "ath");
		this.claims.put("ath", sha256(token));
		assertThat(resource(token).statusCode()).isEqualTo(200);
		assertChallenged(resource(token), "The jti was used before");
		next();
		String proof = proof();
		next();
		assertChallenged(this.http.resource("Authorization", "DPoP " + token, "DPoP", proof, "DPoP", proof()),
				"2 proofs");
		assertThat(
				this.http.resource("Authorization", "DPoP " + token, "Authorization", "DPoP " + token, "DPoP", proof())
					.statusCode())
			.isEqualTo(400);
	}

	@Test
	void proofAtTheResourceThenIsLookedAtBeforeTheToken() throws Exception {
		String token = Http.member(token(proof()), "access_token");
		next();
		this.server.requireDpopNonce();
		this.server.revokeAccessTokens();
		this.claims.putAll(Map.of("htm", "GET", "htu", this.server.resourceUri() + "/items/7", "ath", sha256(token)));
		HttpResponse<String> refused = resource(token);
		assertChallenged(refused, "nonce");
		next();
		this.claims.put("nonce", nonce(refused));
		assertChallenged(resource(token), "revoked");
	}

	@Test
	@DisplayName("RFC 9449, 5: a refresh token of a public client is bound to the key")
	void refreshTokenWhenTheClientIsPublicThenIsBoundToTheKey() throws Exception {
		this.server.registerPublic("app").register("orders", "secret");
		for (String client : List.of("app", "orders")) {
			String secret = client.equals("orders") ? "&client_secret=secret" : "";
			String first = this.server.newSession(client, "alice");
			String bound = Http.member(refresh(first, client + secret, proof()), "refresh_token");
			next();
			ECKey another = key(Curve.P_256);
			this.header.put("jwk", another.toPublicJWK().toJSONObject());
			HttpResponse<String> stolen = refresh(bound, client + secret, proof(new ECDSASigner(another)));
			assertThat(stolen.statusCode()).isEqualTo(client.equals("app") ? 400 : 200);
			this.header.put("jwk", KEY.toPublicJWK().toJSONObject());
			next();
			if (client.equals("app")) {
				assertThat(Http.member(stolen, "error")).isEqualTo("invalid_grant");
				assertThat(refresh(bound, client, proof()).statusCode()).isEqualTo(200);
				next();
			}
		}
		assertThat(this.server).sawNoReuse();
	}

	private HttpResponse<String> refresh(String refreshToken, String client, String proof) throws IOException {
		return Http.post(this.server.tokenUri(),
				Http.form("refresh_token", "refresh_token", refreshToken) + "&client_id=" + client,
				List.of("DPoP", proof));
	}

	@Test
	@DisplayName("RFC 9449, 8.2: a nonce that each answer changes")
	void nonceWhenItIsRotatedThenTheLatestIsGoodOnce() throws Exception {
		this.server.rotateDpopNonce();
		HttpResponse<String> refused = token(proof());
		assertThat(Http.member(refused, "error")).isEqualTo("use_dpop_nonce");
		String first = nonce(refused);
		String second = nonce(tokenWith(first));
		HttpResponse<String> stale = tokenWith(first);
		assertThat(Http.member(stale, "error")).isEqualTo("use_dpop_nonce");
		assertThat(nonce(stale)).isEqualTo(second).isNotEqualTo(first);
		assertThat(tokenWith(second).statusCode()).isEqualTo(200);
	}

	private HttpResponse<String> tokenWith(String nonce) throws Exception {
		next();
		this.claims.put("nonce", nonce);
		return token(proof());
	}

	private static String nonce(HttpResponse<String> response) {
		return response.headers().firstValue("DPoP-Nonce").orElseThrow();
	}

	@Test
	void resourceWhenItAcceptsTokensOfAnotherServerThenAsksIt() throws Exception {
		try (AuthorizationServer elsewhere = AuthorizationServer.forClients()) {
			String token = Http.member(token(proof()), "access_token");
			Http resource = new Http(elsewhere);
			next();
			this.claims.putAll(Map.of("htm", "GET", "htu", elsewhere.resourceUri() + "/items/7", "ath", sha256(token)));
			assertChallenged(resource.resource("Authorization", "DPoP " + token, "DPoP", proof()), "not issued here");
			next();
			assertChallenged(resource.resource("Authorization", "DPoP " + token), "no DPoP header");
			elsewhere.acceptTokensOf(this.server);
			this.server.acceptTokensOf(elsewhere);
			assertThat(resource.resource("Authorization", "DPoP " + token, "DPoP", proof()).body())
				.isEqualTo("get with access token 1");
			assertThat(elsewhere.requests(Endpoint.RESOURCE)).last()
				.satisfies((request) -> assertThat(request.client()).isEqualTo("inventory"));
			assertChallenged(resource.resource("Authorization", "Bearer " + token), "no bearer token");
			this.server.revokeAccessTokens();
			next();
			assertChallenged(resource.resource("Authorization", "DPoP " + token, "DPoP", proof()), "was revoked");
		}
		assertThat(this.server).receivedResourceRequests(0);
	}

	private HttpResponse<String> resource(String token) throws Exception {
		return this.http.resource("Authorization", "DPoP " + token, "DPoP", proof());
	}

	private HttpResponse<String> token(String... proofs) throws IOException {
		List<String> headers = new ArrayList<>(List.of("Authorization", this.http.basic()));
		for (String proof : proofs) {
			headers.addAll(List.of("DPoP", proof));
		}
		return Http.post(this.server.tokenUri(), Http.form("client_credentials"), headers);
	}

	private static void assertRefused(HttpResponse<String> response, String description) {
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(Http.member(response, "error")).isEqualTo("invalid_dpop_proof");
		assertThat(Http.member(response, "error_description")).contains(description);
	}

	private static void assertChallenged(HttpResponse<String> response, String description) {
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(Http.challenge(response)).contains(description);
		assertThat(response.body()).contains(description);
	}

	private String proof() throws JOSEException {
		return proof(new ECDSASigner(KEY));
	}

	private String proof(JWSSigner signer) throws JOSEException {
		String algorithm = String.valueOf(this.header.get("alg"));
		JWSHeader used = new JWSHeader(signer.supportedJWSAlgorithms()
			.stream()
			.filter((supported) -> supported.getName().equals(algorithm))
			.findFirst()
			.orElse(signer.supportedJWSAlgorithms().iterator().next()));
		return unsigned() + "." + signer.sign(used, unsigned().getBytes(StandardCharsets.US_ASCII));
	}

	private String edwards(PrivateKey key) throws Exception {
		Signature signature = Signature.getInstance("Ed25519");
		signature.initSign(key);
		signature.update(unsigned().getBytes(StandardCharsets.US_ASCII));
		return unsigned() + "." + Base64URL.encode(signature.sign());
	}

	private String unsigned() {
		return Base64URL.encode(JSONObjectUtils.toJSONString(this.header)) + "."
				+ Base64URL.encode(JSONObjectUtils.toJSONString(this.claims));
	}

	private static String sha256(String text) throws Exception {
		return Base64URL.encode(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)))
			.toString();
	}

	private static ECKey key(Curve curve) {
		try {
			return new ECKeyGenerator(curve).generate();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
