package io.github.evertoken.authentication;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.Troubleshooting;
import io.github.evertoken.discovery.AuthorizationServerMetadata;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.jose.JwtSigner;
import io.github.evertoken.jose.SigningKey;
import io.github.evertoken.test.ReceivedAssertions;
import io.github.evertoken.test.TestKeys;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.test.server.ReceivedRequest;
import io.github.evertoken.test.support.TestWebClients;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

/**
 * Each way of authentication against a token endpoint that verifies it.
 */
class ClientAuthenticationScenarioTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final String CLIENT_ID = "orders";

	private static final String SECRET = "planted-secret-of-64-octets-".repeat(3).substring(0, 64);

	private static final String REPLAYED = "The jti of the assertion was used before";

	@RegisterExtension
	final AuthorizationServer server = AuthorizationServer.forClients();

	@TempDir
	private Path directory;

	@BeforeEach
	void requireTheTokenEndpointAsAudience() {
		this.server.requireAssertionAudience(this.server.tokenUri());
	}

	@ParameterizedTest
	@CsvSource({ ",HS256", "HS256,HS256", "HS384,HS384", "HS512,HS512" })
	void clientSecretJwtThenIsAccepted(String configured, String expected) throws Exception {
		this.server.register(CLIENT_ID, SECRET);
		issue(JwtClientAuthentication.clientSecretJwt(CLIENT_ID, SECRET).algorithm(configured).build());
		SignedJWT assertion = assertions().get(0);
		assertThat(assertion.getHeader().getAlgorithm()).hasToString(expected);
		assertThat(assertion.getHeader().getType()).isEqualTo(JOSEObjectType.JWT);
		assertThat(requests().get(0).parameters()).containsEntry("client_id", CLIENT_ID)
			.doesNotContainKey("client_secret");
	}

	@ParameterizedTest
	@CsvSource({ "rsa-pkcs8,,RS256", "rsa-pkcs8,RS384,RS384", "rsa-pkcs8,RS512,RS512", "rsa-pkcs8,PS256,PS256",
			"rsa-pkcs8,PS384,PS384", "rsa-pkcs8,PS512,PS512", "ec-p256-pkcs8,,ES256", "ec-p256-pkcs8,ES256,ES256",
			"ec-p384-pkcs8,,ES384", "ec-p521-pkcs8,,ES512", "ed25519-pkcs8,,EdDSA", "ed25519-pkcs8,Ed25519,Ed25519" })
	void privateKeyJwtThenIsAccepted(String name, String configured, String expected) {
		SigningKey key = TestKeys.signingKey(name);
		this.server.register(CLIENT_ID, TestKeys.publicKey(name.replaceAll("-(pkcs|sec|enc).*", "")));
		issue(JwtClientAuthentication.privateKeyJwt(CLIENT_ID, key).algorithm(configured).build());
		SignedJWT assertion = assertions().get(0);
		assertThat(assertion.getHeader().getAlgorithm()).hasToString(expected);
		assertThat(assertion.getHeader().getKeyID()).isNull();
		assertThat(requests().get(0).parameters()).containsEntry("client_id", CLIENT_ID);
		assertThat(this.server).issuedAccessTokens(1);
	}

	@Test
	void privateKeyJwtWhenJwkThenItsKeyIdIsNamedUnlessAnotherIsSet() throws Exception {
		ECKey jwk = new ECKeyGenerator(Curve.P_256).keyID("key-1").generate();
		SigningKey key = SigningKey.parse(jwk.toJSONString());
		this.server.register(CLIENT_ID, jwk.toPublicKey());
		issue(JwtClientAuthentication.privateKeyJwt(CLIENT_ID, key).build());
		issue(JwtClientAuthentication.privateKeyJwt(CLIENT_ID, key).keyId("key-2").build());
		assertThat(assertions()).extracting((assertion) -> assertion.getHeader().getKeyID())
			.containsExactly("key-1", "key-2");
	}

	@Test
	void privateKeyJwtWhenCertificateIsThereThenItsThumbprintIsNamed() {
		String pem = TestKeys.pem("rsa-with-certificate");
		this.server.register(CLIENT_ID, TestKeys.publicKey("rsa"));
		issue(privateKeyJwt(pem));
		issue(privateKeyJwt(TestKeys.pem("rsa-pkcs8")));
		assertThat(assertions()).extracting((assertion) -> assertion.getHeader().getX509CertSHA256Thumbprint())
			.containsExactly(X509CertUtils.computeSHA256Thumbprint(
					X509CertUtils.parse(pem.substring(0, pem.indexOf("-----BEGIN PRIVATE")))), null);
	}

	@Test
	void assertionWhenAudienceIsSetThenIsForItAndForTheTokenEndpointOtherwise() throws Exception {
		this.server.register(CLIENT_ID, SECRET);
		issue(JwtClientAuthentication.clientSecretJwt(CLIENT_ID, SECRET).build());
		this.server.requireAssertionAudience("https://idp.example");
		issue(JwtClientAuthentication.clientSecretJwt(CLIENT_ID, SECRET).audience("https://idp.example").build());
		assertThat(assertions().get(1).getPayload().toJSONObject()).containsEntry("aud", "https://idp.example");
		TokenException ex = fail(
				JwtClientAuthentication.clientSecretJwt(CLIENT_ID, SECRET).audience("https://other.example").build());
		assertThat(ex.errorDescription()).startsWith("The aud of the assertion is [https://other.example]");
	}

	@Test
	void assertionWhenTheIssuerIsKnownThenIsForItUnlessTheTokenEndpointIsWanted() {
		this.server.register(CLIENT_ID, SECRET);
		this.server.requireAssertionAudience("https://idp.example");
		issueKnowingIssuer(JwtClientAuthentication.clientSecretJwt(CLIENT_ID, SECRET).build());
		this.server.requireAssertionAudience(this.server.tokenUri());
		issueKnowingIssuer(
				JwtClientAuthentication.clientSecretJwt(CLIENT_ID, SECRET).audienceOfTokenEndpoint().build());
		assertThat(this.server).issuedAccessTokens(2);
	}

	private void issueKnowingIssuer(ClientAuthentication authentication) {
		OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(URI.create(this.server.tokenUri()))
			.issuerUri("https://idp.example")
			.clientAuthentication(authentication)
			.build()
			.issue(request())
			.block(TIMEOUT);
	}

	@Test
	@DisplayName("RFC 7523, 3: each attempt has a jti of its own, and no more claims than needed")
	void assertionWhenRequestIsRepeatedThenIsSignedAnew() throws Exception {
		this.server.register(CLIENT_ID, SECRET);
		ClientAuthentication authentication = JwtClientAuthentication.clientSecretJwt(CLIENT_ID, SECRET)
			.lifetime(Duration.ofSeconds(90))
			.build();
		IntStream.range(0, 5).forEach((i) -> issue(authentication));
		assertThat(this.server).issuedAccessTokens(5);
		assertThat(identifiers()).hasSize(5).doesNotHaveDuplicates();
		JWTClaimsSet claims = assertions().get(4).getJWTClaimsSet();
		assertThat(claims.getClaims()).containsOnlyKeys("iss", "sub", "aud", "jti", "iat", "exp");
		assertThat(Duration.between(claims.getIssueTime().toInstant(), claims.getExpirationTime().toInstant()))
			.isEqualTo(Duration.ofSeconds(90));
	}

	@Test
	@Tag("FP-1")
	void assertionWhenReplayedThenIsRefused() {
		this.server.register(CLIENT_ID, SECRET);
		AtomicReference<String> first = new AtomicReference<>();
		ClientAuthentication signing = JwtClientAuthentication.clientSecretJwt(CLIENT_ID, SECRET).build();
		ClientAuthentication replaying = (request) -> signing.authenticate(request).then(Mono.fromRunnable(() -> {
			first.compareAndSet(null, request.form().getFirst("client_assertion"));
			request.form().set("client_assertion", first.get());
		}));
		issue(replaying);
		TokenException ex = fail(replaying);
		assertThat(ex).isInstanceOf(TokenRefusedException.class);
		assertThat(ex.error()).isEqualTo("invalid_client");
		assertThat(ex.errorDescription()).isEqualTo(REPLAYED);
	}

	@Test
	void assertionWhenTheClockIsWrongThenIsRefused() {
		this.server.register(CLIENT_ID, SECRET);
		Clock late = Clock.fixed(Instant.now().minusSeconds(600), ZoneOffset.UTC);
		TokenException ex = fail(JwtClientAuthentication.clientSecretJwt(CLIENT_ID, SECRET).clock(late).build());
		assertThat(ex).isInstanceOf(TokenRefusedException.class);
		assertThat(ex.errorDescription()).isEqualTo("The assertion has expired");
		Clock early = Clock.fixed(Instant.now().plusSeconds(600), ZoneOffset.UTC);
		assertThat(fail(JwtClientAuthentication.clientSecretJwt(CLIENT_ID, SECRET).clock(early).build())
			.errorDescription()).isEqualTo("The assertion is of a time to come");
	}

	@ParameterizedTest
	@ValueSource(strings = { "HS256", "HS384", "HS512" })
	@Tag("FP-1")
	void clientSecretJwtWhenTheSecretIsAnotherThenIsRefusedAndSentOnce(String algorithm) {
		this.server.register(CLIENT_ID, "x".repeat(64));
		assertRefusedAndSentOnce(
				JwtClientAuthentication.clientSecretJwt(CLIENT_ID, SECRET).algorithm(algorithm).build());
	}

	@ParameterizedTest
	@CsvSource({ "RS256,RSA", "RS384,RSA", "RS512,RSA", "PS256,RSA", "PS384,RSA", "PS512,RSA", "ES256,EC", "ES384,EC",
			"ES512,EC", "EdDSA,Ed25519" })
	@Tag("FP-1")
	void privateKeyJwtWhenTheKeyIsAnotherOfTheSameTypeThenIsRefusedAndSentOnce(String algorithm, String type)
			throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
		switch (algorithm) {
			case "ES256" -> generator.initialize(new ECGenParameterSpec("secp256r1"));
			case "ES384" -> generator.initialize(new ECGenParameterSpec("secp384r1"));
			case "ES512" -> generator.initialize(new ECGenParameterSpec("secp521r1"));
		}
		boolean rsa = type.equals("RSA");
		this.server.register(CLIENT_ID, (rsa ? TestKeys.rsa(2) : generator.generateKeyPair()).getPublic());
		SigningKey another = SigningKey.of(rsa ? TestKeys.rsa(1) : generator.generateKeyPair());
		assertRefusedAndSentOnce(
				JwtClientAuthentication.privateKeyJwt(CLIENT_ID, another).algorithm(algorithm).build());
	}

	private void assertRefusedAndSentOnce(ClientAuthentication authentication) {
		TokenException ex = fail(authentication);
		assertThat(ex).isInstanceOf(TokenRefusedException.class);
		assertThat(ex.error()).isEqualTo("invalid_client");
		assertThat(ex.errorDescription()).startsWith("The assertion is not signed with what client 'orders'");
		assertThat(this.server).receivedTokenRequests(1);
	}

	@Test
	void assertionWhenSignedThenOnAThreadThatMayBlock() {
		this.server.register(CLIENT_ID, SECRET);
		AtomicReference<String> thread = new AtomicReference<>();
		ClientAuthentication signing = JwtClientAuthentication.clientSecretJwt(CLIENT_ID, SECRET).build();
		issue((request) -> signing.authenticate(request)
			.doOnTerminate(() -> thread.set(Thread.currentThread().getName())));
		assertThat(thread.get()).startsWith("boundedElastic");
	}

	@Test
	void clientAssertionWhenFileIsReplacedThenTheNextRequestHasTheNewOne() {
		this.server.register(CLIENT_ID, TestKeys.publicKey("rsa"));
		Path file = write("token", signed() + "\n");
		ClientAuthentication authentication = ClientAuthentication.clientAssertion(CLIENT_ID, null, file("x", file));
		issue(authentication);
		assertThat(fail(authentication).errorDescription()).isEqualTo(REPLAYED);
		write("token", signed());
		issue(authentication);
		assertThat(this.server).issuedAccessTokens(2);
		assertThat(assertions()).hasSize(3);
	}

	@Test
	void clientAssertionWhenTypeIsSetThenIsVerifiedAsSuch() {
		String spiffe = "urn:ietf:params:oauth:client-assertion-type:jwt-spiffe";
		String id = "spiffe://example.org/orders";
		this.server.register(id, TestKeys.publicKey("rsa"));
		String svid = signed("rsa-pkcs8", JwtSigner.newClaims(Clock.systemUTC(), Duration.ofMinutes(1)).subject(id));
		Path file = write("svid", svid);
		ClientAuthentication authentication = ClientAuthentication.clientAssertion(id, spiffe, file("x", file));
		issue(authentication);
		assertThat(requests().get(0).client()).isEqualTo(id);
		assertThat(requests().get(0).parameters()).containsOnly(entry("grant_type", "client_credentials"),
				entry("client_id", id), entry("client_assertion_type", spiffe), entry("client_assertion", svid));
		write("svid",
				signed("ec-p256-pkcs8", JwtSigner.newClaims(Clock.systemUTC(), Duration.ofMinutes(1)).subject(id)));
		assertThat(fail(authentication).errorDescription()).contains("not signed");
		assertThat(this.server).issuedAccessTokens(1);
	}

	@Test
	@DisplayName("FP-1: an assertion that is gone for the moment is a transient failure")
	void clientAssertionWhenFileIsGoneOrBrokenThenTransientAndNothingIsSent() throws IOException {
		this.server.register(CLIENT_ID, TestKeys.publicKey("rsa"));
		String property = "evertoken.clients.inventory.client-assertion.location";
		Path file = write("token", signed());
		ClientAuthentication authentication = ClientAuthentication.clientAssertion(CLIENT_ID, null,
				file(property, file));
		for (String broken : List.of("planted", "planted.planted", "a.b.c\r\nplanted: d", "a.b.c planted", "")) {
			write("token", broken);
			TokenException ex = fail(authentication);
			assertThat(ex).isInstanceOf(TransientTokenException.class);
			assertThat(ex.reason()).contains(property, file.toString()).doesNotContain("planted");
		}
		Files.delete(file);
		TokenException ex = fail(authentication);
		assertThat(ex).isInstanceOf(TransientTokenException.class);
		assertThat(ex.reason()).isEqualTo("the client cannot authenticate: " + property
				+ " names a file that cannot be used: file [" + file + "] does not exist");
		assertThat(ex).hasMessageEndingWith("does not exist" + Troubleshooting.CREDENTIAL.reference());
		assertThat(this.server).receivedNoTokenRequest();
		write("token", signed());
		issue(authentication);
	}

	@ParameterizedTest
	@ValueSource(strings = { "basic", "post", "jwt" })
	void secretWhenReplacedInItsFileThenTheRefusedRequestIsSentOnceMore(String method) {
		this.server.register(CLIENT_ID, SECRET);
		Path file = write("secret", SECRET + "\n");
		ClientAuthentication authentication = ClientAuthentication.reloading("secret", file("secret", file),
				method(method));
		issue(authentication);
		String next = SECRET.replace('p', 'q');
		this.server.register(CLIENT_ID, next);
		write("secret", next);
		issue(authentication);
		issue(authentication);
		assertThat(this.server).receivedTokenRequests(4).issuedAccessTokens(3);
	}

	@Test
	void secretWhenRefusedAndUnchangedThenIsSentOnce() {
		this.server.register(CLIENT_ID, "another");
		TokenException ex = fail(
				ClientAuthentication.reloading("secret", file("secret", write("secret", SECRET)), method("basic")));
		assertThat(ex).isInstanceOf(TokenRefusedException.class);
		assertThat(this.server).receivedTokenRequests(1);
	}

	@Test
	void secretWhenTheNewOneIsRefusedTooThenIsSentTwiceAndNoMore() {
		this.server.register(CLIENT_ID, "another");
		AtomicReference<Integer> read = new AtomicReference<>(0);
		TokenException ex = fail(ClientAuthentication.reloading("secret",
				() -> "secret-" + read.updateAndGet((count) -> count + 1), method("basic")));
		assertThat(ex).isInstanceOf(TokenRefusedException.class);
		assertThat(this.server).receivedTokenRequests(2);
		assertThat(read.get()).isEqualTo(2);
	}

	@Test
	@DisplayName("Keycloak answers unauthorized_client to a wrong secret")
	void secretWhenRefusedInTheWordsOfKeycloakThenIsReadAnewTooAndNotForOtherErrors() {
		this.server.register(CLIENT_ID, SECRET);
		for (String error : List.of("unauthorized_client", "invalid_scope")) {
			this.server.disturb(Fault.answer(401, "application/json", "{\"error\":\"" + error + "\"}").times(1));
			ClientAuthentication authentication = ClientAuthentication.reloading("secret",
					file("secret", write("secret", "old")), method("post"));
			write("secret", SECRET);
			if (error.equals("invalid_scope")) {
				assertThat(fail(authentication).error()).isEqualTo(error);
			}
			else {
				issue(authentication);
			}
		}
		assertThat(requests()).extracting((request) -> request.parameter("client_secret"))
			.containsExactly("old", SECRET, "old");
	}

	@Test
	void secretWhenItsFileIsGoneThenTheOldOneStaysInUse() throws IOException {
		this.server.register(CLIENT_ID, "another");
		Path file = write("secret", SECRET);
		ClientAuthentication authentication = ClientAuthentication.reloading("secret", file("secret", file),
				method("basic"));
		Files.delete(file);
		assertThat(fail(authentication).error()).isEqualTo("invalid_client");
		write("secret", "too-short-for-nothing");
		this.server.register(CLIENT_ID, SECRET);
		issue(authentication);
		assertThat(this.server).receivedTokenRequests(2);
	}

	@Test
	void secretWhenManyKeysAreRefusedAtOnceThenEachIsSentOnceMore() {
		this.server.register(CLIENT_ID, SECRET);
		AtomicReference<Integer> read = new AtomicReference<>(0);
		ClientAuthentication authentication = ClientAuthentication.reloading("secret",
				() -> (read.updateAndGet((count) -> count + 1) == 1) ? "old" : SECRET, method("basic"));
		OAuth2TokenIssuer issuer = issuer(authentication);
		Flux.range(0, 20).flatMap((i) -> issuer.issue(refreshOf("user-" + i)), 20).collectList().block(TIMEOUT);
		assertThat(this.server).issuedAccessTokens(20).sawNoReuse();
		assertThat(requests().size()).isBetween(21, 40);
	}

	private TokenRequest refreshOf(String subject) {
		return new TokenRequest(TokenKey.of("inventory", subject), Trigger.USE,
				this.server.newSession(CLIENT_ID, subject));
	}

	@Test
	void keyWhenReplacedInItsFileThenTheRefusedRequestIsSentOnceMore() {
		Path file = write("key.pem", TestKeys.pem("rsa-pkcs8"));
		ClientAuthentication authentication = ClientAuthentication.reloading("key", file("key", file),
				ClientAuthenticationScenarioTests::privateKeyJwt);
		this.server.register(CLIENT_ID, TestKeys.publicKey("ec-p384"));
		write("key.pem", TestKeys.pem("ec-p384-pkcs8"));
		issue(authentication);
		assertThat(this.server).receivedTokenRequests(2);
		assertThat(identifiers()).hasSize(2).doesNotHaveDuplicates();
	}

	@Test
	void keyWhenReplacedByNoneThenTheOldOneStaysInUse() {
		Path file = write("key.pem", TestKeys.pem("rsa-pkcs8"));
		ClientAuthentication authentication = ClientAuthentication.reloading("key", file("key", file),
				ClientAuthenticationScenarioTests::privateKeyJwt);
		this.server.register(CLIENT_ID, TestKeys.publicKey("ec-p384"));
		write("key.pem", "planted");
		assertThat(fail(authentication).error()).isEqualTo("invalid_client");
		this.server.register(CLIENT_ID, TestKeys.publicKey("rsa"));
		issue(authentication);
		assertThat(this.server).receivedTokenRequests(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "basic", "post", "jwt" })
	@DisplayName("RFC 7009: a revocation is authenticated as a token request is")
	void revocationWhenTheSecretIsReplacedInItsFileThenTheRefusedRequestIsSentOnceMore(String method) {
		Path file = write("secret", SECRET.replace('p', 'q'));
		ClientAuthentication authentication = ClientAuthentication.reloading("secret", file("secret", file),
				method(method));
		this.server.register(CLIENT_ID, SECRET);
		write("secret", SECRET);
		String refreshToken = this.server.newSession(CLIENT_ID, "alice");
		revoke(authentication, TokenSet.withAccessToken("a1").refreshToken(refreshToken).build());
		assertThat(revocations()).extracting((request) -> request.parameter("token"))
			.containsExactly(refreshToken, refreshToken, "a1");
		assertThat(revocations()).extracting(ReceivedRequest::status).containsExactly(401, 200, 200);
		assertThat(this.server).endedSessions(1);
	}

	@Test
	void revocationWhenTheNewSecretIsRefusedTooThenIsSentTwiceAndNoMore() {
		this.server.register(CLIENT_ID, "another");
		AtomicReference<Integer> read = new AtomicReference<>(0);
		ClientAuthentication authentication = ClientAuthentication.reloading("secret",
				() -> "secret-" + read.updateAndGet((count) -> count + 1), method("basic"));
		assertThat(catchThrowableOfType(TokenException.class,
				() -> revoke(authentication, TokenSet.withAccessToken("a1").refreshToken("r1").build())))
			.isInstanceOf(TokenRefusedException.class);
		assertThat(revocations()).extracting(ReceivedRequest::status).containsExactly(401, 401);
	}

	@Test
	void revocationWhenTheSecretIsUnchangedThenIsSentOnce() {
		this.server.register(CLIENT_ID, "another");
		ClientAuthentication authentication = ClientAuthentication.reloading("secret",
				file("secret", write("secret", SECRET)), method("basic"));
		assertThat(catchThrowableOfType(TokenException.class,
				() -> revoke(authentication, TokenSet.withAccessToken("a1").build())))
			.isInstanceOf(TokenRefusedException.class);
		assertThat(this.server).receivedRevocations(1);
	}

	@Test
	void revocationWhenTheAssertionIsInAFileThenIsReadForEachRequest() {
		this.server.register(CLIENT_ID, TestKeys.publicKey("rsa"));
		Path file = write("token", signed());
		ClientAuthentication authentication = ClientAuthentication.clientAssertion(CLIENT_ID, null, file("x", file));
		revoke(authentication, TokenSet.withAccessToken("a1").build());
		write("token", signed());
		revoke(authentication, TokenSet.withAccessToken("a2").build());
		assertThat(revocations()).extracting((request) -> request.parameter("token")).containsExactly("a1", "a2");
		assertThat(revocations()).extracting(ReceivedRequest::status).containsOnly(200);
	}

	@Test
	@DisplayName("RFC 7523: an assertion is for the token endpoint or the issuer at the revocation endpoint too")
	void revocationWhenTheAssertionIsSignedThenItsAudienceIsThatOfATokenRequest() {
		Supplier<JwtClientAuthentication.Builder> jwt = () -> JwtClientAuthentication.clientSecretJwt(CLIENT_ID,
				SECRET);
		this.server.register(CLIENT_ID, SECRET);
		TokenSet tokens = TokenSet.withAccessToken("a1").build();
		revoke(jwt.get().build(), tokens);
		revoke(jwt.get().audienceOfTokenEndpoint().build(), tokens);
		this.server.requireAssertionAudience("https://idp.example");
		revoke(jwt.get().audience("https://idp.example").build(), tokens);
		issuer().clientAuthentication(jwt.get().build())
			.issuerUri("https://idp.example")
			.build()
			.revoke(TokenKey.of("inventory"), tokens)
			.block(TIMEOUT);
		AuthorizationServerMetadata metadata = AuthorizationServerMetadata
			.builder("https://idp.example", URI.create(this.server.tokenUri()))
			.revocationEndpoint(URI.create(this.server.revocationUri()))
			.build();
		OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.metadata((key) -> Mono.just(metadata))
			.clientAuthentication(jwt.get().build())
			.build()
			.revoke(TokenKey.of("inventory"), tokens)
			.block(TIMEOUT);
		this.server.requireAssertionAudience(this.server.revocationUri());
		revoke(jwt.get().audienceOfRequestedEndpoint().build(), tokens);
		assertThat(revocations()).hasSize(6).extracting(ReceivedRequest::status).containsOnly(200);
	}

	@Test
	void onRefusalWhenTheRemedyFailsThenTheRefusalIsTold() {
		this.server.register(CLIENT_ID, SECRET);
		TokenException ex = fail((request) -> Mono.fromRunnable(() -> {
			request.form().set("client_id", CLIENT_ID);
			request.onRefusal(Mono.error(new IllegalStateException("planted")));
		}));
		assertThat(ex).isInstanceOf(TokenRefusedException.class).hasNoCause();
		assertThat(this.server).receivedTokenRequests(1);
	}

	@Test
	void tlsClientAuthThenSendsIdentifierAlone() {
		fail(ClientAuthentication.tlsClientAuth(CLIENT_ID));
		assertThat(requests().get(0).parameters()).containsOnly(entry("grant_type", "client_credentials"),
				entry("client_id", CLIENT_ID));
		assertThat(requests().get(0).header("Authorization")).isNull();
	}

	private static Function<String, ClientAuthentication> method(String name) {
		return switch (name) {
			case "basic" -> (secret) -> ClientAuthentication.clientSecretBasic(CLIENT_ID, secret);
			case "post" -> (secret) -> ClientAuthentication.clientSecretPost(CLIENT_ID, secret);
			default -> (secret) -> JwtClientAuthentication.clientSecretJwt(CLIENT_ID, secret).build();
		};
	}

	private static ClientAuthentication privateKeyJwt(String pem) {
		return JwtClientAuthentication.privateKeyJwt(CLIENT_ID, TestKeys.signingKeyOf(pem)).build();
	}

	/**
	 * An assertion as somebody else would write it into a file.
	 */
	private String signed() {
		return signed("rsa-pkcs8",
				JwtSigner.newClaims(Clock.systemUTC(), Duration.ofMinutes(1)).issuer(CLIENT_ID).subject(CLIENT_ID));
	}

	private String signed(String keyName, JWTClaimsSet.Builder claims) {
		SigningKey key = TestKeys.signingKeyOf(TestKeys.pem(keyName));
		return JwtSigner.of(key, key.algorithm(null), null)
			.sign(claims.audience(this.server.tokenUri()).build(), "the assertion");
	}

	private static CredentialFile file(String name, Path path) {
		return CredentialFile.of(name, new FileSystemResource(path));
	}

	private Path write(String name, String text) {
		try {
			return Files.writeString(this.directory.resolve(name), text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void issue(ClientAuthentication authentication) {
		String accessToken = issuer(authentication).issue(request()).block(TIMEOUT).accessToken();
		assertThat(this.server.accessTokenNumber(accessToken)).isPositive();
	}

	private TokenException fail(ClientAuthentication authentication) {
		TokenException ex = catchThrowableOfType(TokenException.class,
				() -> issuer(authentication).issue(request()).block(TIMEOUT));
		assertThat(ex).isNotNull();
		return ex;
	}

	private void revoke(ClientAuthentication authentication, TokenSet tokens) {
		issuer(authentication).revoke(TokenKey.of("inventory"), tokens).block(TIMEOUT);
	}

	private List<ReceivedRequest> requests() {
		return this.server.requests(Endpoint.TOKEN);
	}

	private List<ReceivedRequest> revocations() {
		return this.server.requests(Endpoint.REVOCATION);
	}

	private List<SignedJWT> assertions() {
		return ReceivedAssertions.of(this.server, "client_assertion");
	}

	private List<String> identifiers() {
		return assertions().stream().map(ClientAuthenticationScenarioTests::identifier).toList();
	}

	private static String identifier(SignedJWT assertion) {
		return String.valueOf(assertion.getPayload().toJSONObject().get("jti"));
	}

	private OAuth2TokenIssuer issuer(ClientAuthentication authentication) {
		return issuer().clientAuthentication(authentication).build();
	}

	private OAuth2TokenIssuer.Builder issuer() {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(URI.create(this.server.tokenUri()))
			.revocationUri(URI.create(this.server.revocationUri()));
	}

	private static TokenRequest request() {
		return new TokenRequest(TokenKey.of("inventory"), Trigger.USE, null);
	}

}
