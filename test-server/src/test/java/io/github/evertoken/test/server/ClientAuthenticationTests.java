package io.github.evertoken.test.server;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for how an {@link AuthorizationServer} knows its clients: what is not quite right
 * is refused.
 */
@Tag("TE-1")
class ClientAuthenticationTests {

	private static final String SECRET = "a secret of 32 bytes at the least";

	private static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

	private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

	private static final ECKey KEY = key(Curve.P_256);

	private final MovedTime time = new MovedTime();

	@RegisterExtension
	final AuthorizationServer server = AuthorizationServer.forClients()
		.register("orders", SECRET)
		.register("signer", publicKey(KEY))
		.with(this.time);

	private final Http http = new Http(this.server);

	static Stream<Arguments> wrongClaims() {
		Date now = new Date();
		Date soon = new Date(now.getTime() + 60_000);
		return Stream.of(claims("iss is another", "iss", (claims) -> claims.issuer("orders")),
				claims("no iss", "iss", (claims) -> claims.issuer(null)),
				claims("sub is another", "not signed", (claims) -> claims.subject("orders")),
				claims("no sub", "no client_id", (claims) -> claims.subject(null)),
				claims("aud is another", "aud", (claims) -> claims.audience("https://elsewhere.example")),
				claims("no aud", "aud", (claims) -> claims.audience((String) null)),
				claims("aud is another one's too", "aud",
						(claims) -> claims
							.audience(List.of(claims.build().getAudience().get(0), "https://elsewhere.example"))),
				claims("aud is two names of the server", "aud", (claims) -> {
					String tokenUri = claims.build().getAudience().get(0);
					return claims.audience(List.of(tokenUri, tokenUri.replace("/token", "")));
				}), claims("no exp", "expired", (claims) -> claims.expirationTime(null)),
				claims("exp is past", "expired", (claims) -> claims.expirationTime(new Date(now.getTime() - 120_000))),
				claims("exp is far", "more than an hour",
						(claims) -> claims.expirationTime(new Date(now.getTime() + 4_000_000))),
				claims("iat is ahead", "to come", (claims) -> claims.issueTime(soon)),
				claims("nbf is ahead", "to come", (claims) -> claims.notBeforeTime(soon)),
				claims("no jti", "no jti", (claims) -> claims.jwtID(null)));
	}

	private static Arguments claims(String name, String description, UnaryOperator<JWTClaimsSet.Builder> change) {
		return arguments(name, description, change);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("wrongClaims")
	void assertionWhenAClaimIsWrongThenIsRefused(String name, String description,
			UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
		assertThat(shown(signed(claims("signer").build())).statusCode()).isEqualTo(200);
		assertInvalidClient(shown(signed(change.apply(claims("signer")).build())), description);
	}

	@Test
	void assertionWhenItIsShownTwiceThenIsRefused() throws Exception {
		String assertion = signed(claims("signer").build());
		assertThat(shown(assertion).statusCode()).isEqualTo(200);
		assertInvalidClient(shown(assertion), "The jti of the assertion was used before");
	}

	@Test
	@DisplayName("RFC 8725, 2.1: alg is none, or HS256 with a public key for a secret")
	void assertionWhenAnybodyCanHaveMadeItThenIsRefused() throws Exception {
		JWTClaimsSet claims = claims("signer").build();
		assertInvalidClient(shown(new PlainJWT(claims).serialize()), "no signed JWT");
		String none = Base64URL.encode("{\"alg\":\"none\"}") + "." + Base64URL.encode(claims.toString()) + ".";
		assertInvalidClient(shown(none), "no signed JWT");
		for (byte[] known : List.of(publicKey(KEY).getEncoded(),
				KEY.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8))) {
			assertInvalidClient(shown(signed(new JWSHeader(JWSAlgorithm.HS256), claims, new MACSigner(known))),
					"not signed");
		}
		String[] parts = signed(claims).split("\\.");
		assertInvalidClient(shown(parts[0] + "." + parts[1] + "." + Base64URL.encode(new byte[64])), "not signed");
		assertInvalidClient(shown(parts[0] + "." + parts[1] + "."), "no signed JWT");
	}

	@Test
	void assertionWhenTheKeyIsAnotherThenIsRefused() throws Exception {
		JWTClaimsSet claims = claims("signer").build();
		assertInvalidClient(shown(signed(new JWSHeader(JWSAlgorithm.ES256), claims, new ECDSASigner(key(Curve.P_256)))),
				"not signed");
		assertInvalidClient(shown(signed(new JWSHeader(JWSAlgorithm.ES384), claims, new ECDSASigner(key(Curve.P_384)))),
				"not signed");
		JWSHeader own = new JWSHeader.Builder(JWSAlgorithm.ES256).jwk(key(Curve.P_256).toPublicJWK()).build();
		assertInvalidClient(shown(signed(own, claims, new ECDSASigner(key(Curve.P_256)))), "not signed");
		assertInvalidClient(shown(
				signed(new JWSHeader(JWSAlgorithm.HS256), claims("orders").build(), new MACSigner("x".repeat(64)))),
				"not signed");
	}

	@Test
	@DisplayName("RFC 7515, 4.1.11: what is critical and not understood")
	void assertionWhenSomethingUnknownIsCriticalThenIsRefused() throws Exception {
		JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).criticalParams(Set.of("exp"))
			.customParam("exp", 1)
			.build();
		assertInvalidClient(shown(signed(header, claims("signer").build(), new ECDSASigner(KEY))), "not signed");
		KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
		this.server.register("edwards", pair.getPublic());
		assertThat(shown(edwards("{\"alg\":\"EdDSA\"}", pair.getPrivate())).statusCode()).isEqualTo(200);
		assertInvalidClient(shown(edwards("{\"alg\":\"EdDSA\",\"crit\":[\"a\"],\"a\":1}", pair.getPrivate())),
				"not signed");
	}

	private String edwards(String header, PrivateKey key) throws Exception {
		String input = Base64URL.encode(header) + "." + Base64URL.encode(claims("edwards").build().toString());
		Signature signature = Signature.getInstance("Ed25519");
		signature.initSign(key);
		signature.update(input.getBytes(StandardCharsets.US_ASCII));
		return input + "." + Base64URL.encode(signature.sign());
	}

	@Test
	@DisplayName("RFC 7518, 3.3: RSA keys have 2048 bits")
	void assertionWhenTheRsaKeyIsShortThenIsRefused() throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
		generator.initialize(1024);
		KeyPair pair = generator.generateKeyPair();
		this.server.register("short", pair.getPublic());
		assertInvalidClient(shown(signed(new JWSHeader(JWSAlgorithm.RS256), claims("short").build(),
				new RSASSASigner(pair.getPrivate(), Set.of(AllowWeakRSAKey.getInstance())))), "not signed");
	}

	@Test
	@DisplayName("JWT-SVID, 3: the sub is a SPIFFE ID, the aud and the exp count, and iss and jti may be left out")
	void svidThenIsVerified() throws Exception {
		String id = "spiffe://example.org/orders";
		this.server.register(id, publicKey(KEY));
		assertThat(shownAsSvid(signed(svid(id).build())).statusCode()).isEqualTo(200);
		assertThat(this.server.requests(Endpoint.TOKEN)).extracting(ReceivedRequest::client).containsExactly(id);
		assertInvalidClient(
				shownAsSvid(
						signed(new JWSHeader(JWSAlgorithm.ES256), svid(id).build(), new ECDSASigner(key(Curve.P_256)))),
				"not signed");
		this.server.register("spiffe://example.org/secret", SECRET);
		assertInvalidClient(shownAsSvid(signed(new JWSHeader(JWSAlgorithm.HS256),
				svid("spiffe://example.org/secret").build(), new MACSigner(SECRET))), "no key of a trust domain");
		assertInvalidClient(shownAsSvid(signed(svid(id).audience("https://elsewhere.example").build())), "aud");
		assertInvalidClient(
				shownAsSvid(signed(svid(id).expirationTime(Date.from(Instant.now().minusSeconds(90))).build())),
				"expired");
		assertInvalidClient(shownAsSvid(signed(svid("spiffe://example.org/stock").build())), "There is no client");
		assertInvalidClient(shownAsSvid(signed(svid("signer").build())), "no SPIFFE ID");
		assertInvalidClient(shown(signed(svid(id).build())), "iss");
		assertThat(this.server).issuedAccessTokens(1);
	}

	private JWTClaimsSet.Builder svid(String id) {
		return new JWTClaimsSet.Builder().subject(id)
			.audience(this.server.tokenUri())
			.expirationTime(Date.from(Instant.now().plusSeconds(60)));
	}

	private HttpResponse<String> shownAsSvid(String assertion) throws IOException {
		return post(Http.form("client_credentials", "client_assertion_type",
				"urn:ietf:params:oauth:client-assertion-type:jwt-spiffe", "client_assertion", assertion));
	}

	@Test
	@DisplayName("RFC 7521, 4.2: a client_id beside an assertion names the same client")
	void clientIdWhenItIsAnotherThanWhoAuthenticatesThenIsRefused() throws Exception {
		String form = Http.form("client_credentials", "client_assertion_type", ASSERTION, "client_assertion",
				signed(claims("signer").build()));
		assertInvalidClient(post(form + "&client_id=orders"), "client_id");
		assertInvalidClient(post(Http.form("client_credentials", "client_id", "signer"), basic("orders", SECRET)),
				"client_id");
		assertThat(post(Http.form("client_credentials", "client_id", "orders"), basic("orders", SECRET)).statusCode())
			.isEqualTo(200);
		assertThat(shown(signed(claims("signer").build()), "client_id", "signer").statusCode()).isEqualTo(200);
	}

	@Test
	@DisplayName("RFC 6749, 2.3: one way of authentication in a request")
	void clientWhenItAuthenticatesInTwoWaysThenIsRefused() throws Exception {
		String basic = basic("orders", SECRET);
		String plain = Http.form("client_credentials");
		String secret = Http.form("client_credentials", "client_id", "orders", "client_secret", SECRET);
		String assertion = Http.form("client_credentials", "client_assertion_type", ASSERTION, "client_assertion",
				signed(claims("signer").build()));
		for (HttpResponse<String> response : List.of(
				Http.post(this.server.tokenUri(), plain, List.of("Authorization", basic, "Authorization", basic)),
				post(secret, basic), post(assertion, basic),
				post(assertion + "&client_secret=" + SECRET.replace(' ', '+')))) {
			assertThat(response.statusCode()).isEqualTo(400);
			assertThat(Http.member(response, "error")).isEqualTo("invalid_request");
			assertThat(Http.member(response, "error_description")).contains("in one way");
		}
		assertThat(this.server).issuedAccessTokens(0);
	}

	@Test
	@DisplayName("RFC 6749, 3.2: a parameter without a value counts as none")
	void parameterWhenItHasNoValueThenIsNone() throws IOException {
		String form = Http.form("client_credentials", "client_id", "", "client_secret", "", "client_assertion", "");
		assertThat(post(form, basic("orders", SECRET)).statusCode()).isEqualTo(200);
		assertInvalidClient(post(form), "no client_id");
		assertInvalidClient(post(Http.form("client_credentials", "client_id", "orders", "client_secret", "")),
				"proves nothing");
	}

	@ParameterizedTest
	@ValueSource(strings = { "grant_type=client_credentials", "scope=b", "client_id=orders", "client_secret=x", "x=1" })
	@DisplayName("RFC 6749, 3.2: no parameter comes twice")
	void parameterWhenItComesTwiceThenIsRefused(String repeated) throws IOException {
		HttpResponse<String> response = post(
				Http.form("client_credentials", "scope", "a", "client_id", "orders", "client_secret", SECRET, "x", "1")
						+ "&" + repeated);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(Http.member(response, "error")).isEqualTo("invalid_request");
		assertThat(Http.member(response, "error_description")).contains(repeated.split("=")[0] + " has come twice");
		HttpResponse<String> revocation = this.http.post(this.server.revocationUri(), basic("orders", SECRET),
				"token=a&token=b");
		assertThat(Http.member(revocation, "error")).isEqualTo("invalid_request");
	}

	@Test
	@DisplayName("RFC 8707, 2: there may be several resources")
	void parameterWhenItMayComeTwiceThenIsGranted() throws IOException {
		assertThat(post(Http.form("client_credentials", "resource", "a", "resource", "b"), basic("orders", SECRET))
			.statusCode()).isEqualTo(200);
		assertThat(this.server.requests(Endpoint.TOKEN).get(0).parameter("resource")).isEqualTo("a b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/x-www-form-urlencoded-too", "text/plain", "application/json" })
	void requestWhenItIsNoFormThenIsRefused(String contentType) throws IOException {
		HttpResponse<String> response = Http.post(this.server.tokenUri(), Http.form("client_credentials"),
				List.of("Authorization", basic("orders", SECRET), "Content-Type", contentType));
		assertThat(Http.member(response, "error")).isEqualTo("invalid_request");
		assertThat(Http
			.post(this.server.tokenUri(), Http.form("client_credentials"), List.of("Authorization",
					basic("orders", SECRET), "Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"))
			.statusCode()).isEqualTo(200);
	}

	@Test
	@DisplayName("RFC 6749, 2.3.1: identifier and secret are encoded before they are joined")
	void basicWhenItIsNotEncodedThenIsRefused() throws IOException {
		this.server.register("https://a", "100% + more");
		assertThat(post(Http.form("client_credentials"), basic("https%3A%2F%2Fa", "100%25+%2B+more")).statusCode())
			.isEqualTo(200);
		this.server.register("b", "100%");
		assertInvalidClient(post(Http.form("client_credentials"), basic("b", "100%")), "encoded");
		assertThat(post(Http.form("client_credentials"), basic("b", "100%25")).statusCode()).isEqualTo(200);
	}

	@Test
	void assertionWhenAnAudienceIsRequiredThenIsForThatAlone() throws Exception {
		this.server.requireAssertionAudience(this.server.revocationUri());
		assertInvalidClient(shown(signed(claims("signer").build())), "aud");
		String form = "token=a&client_assertion_type=" + ASSERTION + "&client_assertion=";
		assertThat(this.http
			.post(this.server.revocationUri(), "",
					form + signed(claims("signer").audience(this.server.revocationUri()).build()))
			.statusCode()).isEqualTo(200);
		assertThat(
				this.http.post(this.server.revocationUri(), "", form + signed(claims("signer").build())).statusCode())
			.isEqualTo(401);
	}

	@Test
	void assertionWhenTheServersTimeIsAnotherThenIsGoodByEither() throws Exception {
		this.time.pass(Duration.ofDays(1));
		assertThat(shown(signed(claims("signer").build())).statusCode()).isEqualTo(200);
		Instant now = this.time.instant();
		JWTClaimsSet.Builder later = claims("signer").issueTime(Date.from(now))
			.expirationTime(Date.from(now.plusSeconds(60)));
		assertThat(shown(signed(later.build())).statusCode()).isEqualTo(200);
		JWTClaimsSet.Builder between = claims("signer").issueTime(Date.from(now.minusSeconds(7200)))
			.expirationTime(Date.from(now.minusSeconds(3600)));
		assertInvalidClient(shown(signed(between.build())), "expired");
	}

	@Test
	@DisplayName("RFC 7523, 2.1: an assertion that is the grant may come without a client_id")
	void grantWhenItSaysEnoughThenNoClientHasToAuthenticate() throws Exception {
		String assertion = signed(claims("signer").subject("alice").jwtID(null).build());
		HttpResponse<String> response = post(Http.form(JWT_BEARER, "assertion", assertion));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(this.http.resource("Authorization", "Bearer " + Http.member(response, "access_token")).statusCode())
			.isEqualTo(200);
		assertThat(this.server.requests()).extracting(ReceivedRequest::client).containsExactly("signer", "signer");
	}

	@Test
	void grantWhenTheAssertionIsWrongThenIsRefusedAndNobodyIsKnown() throws Exception {
		JWTClaimsSet ofAnother = claims("signer").issuer("orders").build();
		for (String assertion : List.of(signed(ofAnother), signed(claims("nobody").build()),
				signed(claims("signer").issuer(null).build()), signed(claims("signer").subject(null).build()),
				signed(claims("signer").audience("https://elsewhere.example").build()), "", "made-up",
				new PlainJWT(claims("signer").build()).serialize(), this.server.userToken("alice"))) {
			HttpResponse<String> response = post(Http.form(JWT_BEARER, "assertion", assertion));
			assertThat(response.statusCode()).isEqualTo(400);
			assertThat(Http.member(response, "error")).isEqualTo("invalid_grant");
		}
		assertThat(this.server.requests()).hasSize(9).extracting(ReceivedRequest::client).containsOnlyNulls();
		String ofTheSigner = signed(claims("signer").subject("alice").build());
		assertThat(Http.member(post(Http.form(JWT_BEARER, "assertion", ofTheSigner), basic("orders", SECRET)), "error"))
			.isEqualTo("invalid_grant");
	}

	private HttpResponse<String> shown(String assertion, String... more) throws IOException {
		String form = Http.form("client_credentials", "client_assertion_type", ASSERTION, "client_assertion",
				assertion);
		return post((more.length == 0) ? form : form + "&" + more[0] + "=" + more[1]);
	}

	private HttpResponse<String> post(String form) throws IOException {
		return post(form, "");
	}

	private HttpResponse<String> post(String form, String authorization) throws IOException {
		return this.http.post(this.server.tokenUri(), authorization, form);
	}

	private static void assertInvalidClient(HttpResponse<String> response, String description) {
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(Http.member(response, "error")).isEqualTo("invalid_client");
		assertThat(Http.member(response, "error_description")).contains(description);
	}

	private static String basic(String client, String secret) {
		return "Basic " + Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
	}

	private JWTClaimsSet.Builder claims(String client) {
		Instant now = Instant.now();
		return new JWTClaimsSet.Builder().issuer(client)
			.subject(client)
			.audience(this.server.tokenUri())
			.jwtID(UUID.randomUUID().toString())
			.issueTime(Date.from(now))
			.expirationTime(Date.from(now.plusSeconds(60)));
	}

	private static String signed(JWTClaimsSet claims) throws JOSEException {
		return signed(new JWSHeader(JWSAlgorithm.ES256), claims, new ECDSASigner(KEY));
	}

	private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws JOSEException {
		SignedJWT jwt = new SignedJWT(header, claims);
		jwt.sign(signer);
		return jwt.serialize();
	}

	private static ECKey key(Curve curve) {
		try {
			return new ECKeyGenerator(curve).generate();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static PublicKey publicKey(ECKey key) {
		try {
			return key.toPublicKey();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
