package io.github.evertoken.grant;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.authentication.CredentialFile;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.jose.SigningKey;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.ReceivedAssertions;
import io.github.evertoken.test.TestKeys;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
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
import reactor.core.publisher.Mono;

import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A client that signs its own assertion, against a token endpoint that verifies it.
 */
class JwtBearerGrantScenarioTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final String ACCOUNT = "orders@project.example";

	private static final TokenKey KEY = TokenKey.of("inventory");

	private static final SigningKey RSA = TestKeys.signingKey("rsa-pkcs8");

	@RegisterExtension
	final AuthorizationServer server = AuthorizationServer.forClients();

	@BeforeEach
	void knowTheAccount() {
		this.server.register(ACCOUNT, TestKeys.publicKey("rsa")).requireAssertionAudience(this.server.tokenUri());
	}

	@ParameterizedTest
	@CsvSource({ "rsa-pkcs8,,RS256", "rsa-pkcs8,PS384,PS384", "ec-p256-pkcs8,,ES256", "ec-p384-pkcs8,,ES384",
			"ed25519-pkcs8,,EdDSA" })
	void assertionThenIsGranted(String name, String configured, String expected) {
		this.server.register(ACCOUNT, TestKeys.publicKey(name.replaceAll("-(pkcs|sec).*", "")));
		SigningKey key = TestKeys.signingKey(name);
		issue(builder(key).algorithm(configured).build());
		SignedJWT assertion = assertions().get(0);
		assertThat(assertion.getHeader().getAlgorithm()).hasToString(expected);
		assertThat(assertion.getHeader().getType()).isEqualTo(JOSEObjectType.JWT);
		assertThat(requests().get(0).parameters()).containsOnlyKeys("grant_type", "assertion");
		assertThat(requests().get(0).header("Authorization")).isNull();
		assertThat(requests().get(0).subject()).isEqualTo(ACCOUNT);
	}

	@Test
	@DisplayName("RFC 7523, 3: each attempt has a jti and an iat of its own, and no more claims than needed")
	void assertionWhenRequestIsRepeatedThenIsSignedAnew() throws Exception {
		AtomicReference<Instant> now = new AtomicReference<>(Instant.now().minusSeconds(10));
		JwtBearerGrant grant = builder(RSA).lifetime(Duration.ofSeconds(90)).clock(new SettableClock(now)).build();
		for (int i = 0; i < 5; i++) {
			issue(grant);
			now.updateAndGet((instant) -> instant.plusSeconds(1));
		}
		assertThat(this.server).issuedAccessTokens(5);
		Set<Instant> issued = assertions().stream()
			.map(ReceivedAssertions::claims)
			.map((claims) -> claims.getIssueTime().toInstant())
			.collect(Collectors.toSet());
		assertThat(issued).hasSize(5);
		assertThat(assertions()).extracting((assertion) -> ReceivedAssertions.claims(assertion).getJWTID())
			.doesNotContainNull()
			.doesNotHaveDuplicates();
		JWTClaimsSet claims = ReceivedAssertions.claims(assertions().get(4));
		assertThat(claims.getClaims()).containsOnlyKeys("iss", "sub", "aud", "jti", "iat", "exp");
		assertThat(Duration.between(claims.getIssueTime().toInstant(), claims.getExpirationTime().toInstant()))
			.isEqualTo(Duration.ofSeconds(90));
	}

	@Test
	void assertionWhenReplayedThenIsRefused() {
		AtomicReference<String> first = new AtomicReference<>();
		JwtBearerGrant signing = builder(RSA).build();
		AuthorizationGrant replaying = (request) -> signing.parameters(request).map((form) -> {
			first.compareAndSet(null, form.getFirst("assertion"));
			form.set("assertion", first.get());
			return form;
		});
		issue(replaying);
		assertThat(fail(replaying).errorDescription()).isEqualTo("The jti of the assertion was used before");
	}

	@Test
	void assertionWhenClaimsAreSetThenHasThem() throws Exception {
		issue(builder(RSA).claim("scope", "drive.readonly drive.file").claim("box_sub_type", "enterprise").build());
		assertThat(ReceivedAssertions.claims(assertions().get(0)).getClaims())
			.containsEntry("scope", "drive.readonly drive.file")
			.containsEntry("box_sub_type", "enterprise")
			.hasSize(8);
		assertThat(requests().get(0).parameters()).doesNotContainKey("scope");
	}

	@Test
	void assertionWhenKeyHasANameAndACertificateThenNamesBoth() {
		String pem = TestKeys.pem("rsa-with-certificate");
		Base64URL thumbprint = X509CertUtils
			.computeSHA256Thumbprint(X509CertUtils.parse(pem.substring(0, pem.indexOf("-----BEGIN PRIVATE"))));
		issue(builder(TestKeys.signingKeyOf(pem)).keyId("key-1").build());
		issue(builder(RSA).keyId("key-1").build());
		issue(builder(RSA).build());
		assertThat(assertions()).extracting((assertion) -> assertion.getHeader().getX509CertSHA256Thumbprint())
			.containsExactly(thumbprint, null, null);
		assertThat(assertions()).extracting((assertion) -> assertion.getHeader().getKeyID())
			.containsExactly("key-1", "key-1", null);
	}

	@Test
	void assertionWhenAudienceIsAnotherThenIsRefused() {
		this.server.requireAssertionAudience("https://login.example");
		issue(builder(RSA).audience("https://login.example").build());
		assertThat(fail(builder(RSA).build()).errorDescription()).startsWith("The aud of the assertion is ");
	}

	@Test
	void assertionWhenTheClockIsWrongThenIsRefused() {
		Clock late = Clock.fixed(Instant.now().minusSeconds(600), ZoneOffset.UTC);
		assertThat(fail(builder(RSA).clock(late).build()).errorDescription()).isEqualTo("The assertion has expired");
		Clock early = Clock.fixed(Instant.now().plusSeconds(600), ZoneOffset.UTC);
		assertThat(fail(builder(RSA).clock(early).build()).errorDescription())
			.isEqualTo("The assertion is of a time to come");
	}

	@Test
	@Tag("FP-1")
	void assertionWhenKeyIsAnotherThenIsRefusedAndSentOnce() throws JOSEException {
		this.server.register(ACCOUNT, TestKeys.publicKey("ec-p256"));
		PrivateKey another = new ECKeyGenerator(Curve.P_256).generate().toPrivateKey();
		TokenException ex = fail(builder(SigningKey.of(another, null)).build());
		assertThat(ex).isInstanceOf(TokenRefusedException.class);
		assertThat(ex.error()).isEqualTo("invalid_grant");
		assertThat(ex.errorDescription()).startsWith("The assertion is not signed with what client '" + ACCOUNT);
		assertThat(requests()).hasSize(1);
	}

	@Test
	void subjectWhenItIsSetThenTheServiceActsOnItsBehalf() {
		issue(builder(RSA).subject("admin@example").build());
		issue(builder(RSA).build());
		assertThat(requests()).extracting(ReceivedRequest::subject).containsExactly("admin@example", ACCOUNT);
		assertThat(requests()).extracting(ReceivedRequest::client).containsOnly(ACCOUNT);
	}

	@Test
	void subjectWhenTheKeyHasOneThenTheAssertionNamesItWhateverElseIsSet() {
		issue(builder(RSA).build(), TokenKey.of("inventory", "alice"));
		issue(builder(RSA).subject("admin@example").build(), TokenKey.of("inventory", "alice"));
		issue(builder(RSA).build(), TokenKey.of("inventory", "bob"));
		assertThat(requests()).extracting(ReceivedRequest::subject).containsExactly("alice", "alice", "bob");
	}

	@Test
	void issuerWhenItIsAnotherThenIsRefused() {
		TokenException ex = fail(builder(RSA).assertionIssuer("somebody@project.example").build());
		assertThat(ex.error()).isEqualTo("invalid_grant");
		assertThat(ex.errorDescription()).contains("somebody@project.example");
	}

	@Test
	void subjectWhenTheKeyHasItsTokenOnlyThenNobodyIsAsked() {
		TokenException ex = fail(builder(RSA).build(), TokenKey.onBehalfOf("inventory", "planted"));
		assertThat(ex).isInstanceOf(ReauthenticationRequiredException.class).hasMessageNotContaining("planted");
		assertThat(ex.reason()).contains("has a subject token");
		assertThat(this.server).receivedNoTokenRequest();
	}

	@Test
	@DisplayName("FP-1: a key that is gone for the moment is a transient failure, and a new one is used at once")
	void keyWhenReplacedInItsFileThenTheNextRequestIsSignedWithWhatIsThere(@TempDir Path directory) throws IOException {
		Path path = Files.writeString(directory.resolve("key.pem"), TestKeys.pem("rsa-pkcs8"));
		CredentialFile file = CredentialFile.of("assertion.key-location", new FileSystemResource(path));
		JwtBearerGrant grant = builder(
				JwtBearerGrant.signedWith("assertion.key-location", () -> TestKeys.signingKeyOf(file.get())))
			.algorithm("PS256")
			.build();
		issue(grant);
		Files.writeString(path, "planted");
		assertTransient(grant, "there is no assertion to show: assertion.key-location is neither PEM");
		Files.writeString(path, TestKeys.pem("ec-p384-pkcs8"));
		assertTransient(grant, "there is no assertion to show: assertion.key-location must be ES384 to fit the key");
		Files.delete(path);
		assertTransient(grant, "assertion.key-location names a file that cannot be used: file [" + path);
		assertThat(this.server).receivedTokenRequests(1);
		Files.writeString(path, TestKeys.pem("rsa-pkcs8"));
		issue(grant);
		assertThat(this.server).issuedAccessTokens(2);
	}

	private void assertTransient(JwtBearerGrant grant, String expected) {
		TokenException ex = fail(grant);
		assertThat(ex).isInstanceOf(TransientTokenException.class);
		assertThat(ex.reason()).contains(expected).doesNotContain("planted");
	}

	@Test
	void assertionWhenSignedThenOnAThreadThatMayBlock() {
		AtomicReference<String> thread = new AtomicReference<>();
		JwtBearerGrant grant = builder(RSA).build();
		issue((request) -> grant.parameters(request).doOnNext((form) -> thread.set(Thread.currentThread().getName())));
		assertThat(thread.get()).startsWith("boundedElastic");
	}

	@Test
	void tokenWhenItIsHeldThenIsGrantedOnceForEachSubject() {
		OAuth2TokenIssuer issuer = issuer(builder(RSA).build());
		try (DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer)
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofMinutes(1))
				.build())
			.build()) {
			TokenKey alice = TokenKey.of("inventory", "alice");
			Mono.zip(manager.token(alice), manager.token(alice)).block(TIMEOUT);
			manager.token(alice).block(TIMEOUT);
			assertThat(this.server).receivedTokenRequests(1);
			manager.token(KEY).block(TIMEOUT);
			assertThat(requests()).extracting(ReceivedRequest::subject).containsExactly("alice", ACCOUNT);
		}
	}

	private JwtBearerGrant.Builder builder(SigningKey key) {
		return builder(JwtBearerGrant.signedWith(key));
	}

	private JwtBearerGrant.Builder builder(JwtBearerGrant.Builder builder) {
		return builder.assertionIssuer(ACCOUNT).audience(this.server.tokenUri());
	}

	private List<ReceivedRequest> requests() {
		return this.server.requests(Endpoint.TOKEN);
	}

	private List<SignedJWT> assertions() {
		return ReceivedAssertions.of(this.server, "assertion");
	}

	private void issue(AuthorizationGrant grant) {
		issue(grant, KEY);
	}

	private void issue(AuthorizationGrant grant, TokenKey key) {
		String accessToken = issuer(grant).issue(new TokenRequest(key, Trigger.USE, null)).block(TIMEOUT).accessToken();
		assertThat(this.server.accessTokenNumber(accessToken)).isPositive();
	}

	private TokenException fail(AuthorizationGrant grant) {
		return fail(grant, KEY);
	}

	private TokenException fail(AuthorizationGrant grant, TokenKey key) {
		TokenException ex = catchThrowableOfType(TokenException.class,
				() -> issuer(grant).issue(new TokenRequest(key, Trigger.USE, null)).block(TIMEOUT));
		assertThat(ex).isNotNull();
		return ex;
	}

	private OAuth2TokenIssuer issuer(AuthorizationGrant grant) {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(URI.create(this.server.tokenUri()))
			.clientAuthentication(ClientAuthentication.omitted())
			.grant(grant)
			.build();
	}

	/**
	 * A clock that stands still until it is set.
	 */
	private static final class SettableClock extends Clock {

		private final AtomicReference<Instant> now;

		private SettableClock(AtomicReference<Instant> now) {
			this.now = now;
		}

		@Override
		public Instant instant() {
			return this.now.get();
		}

		@Override
		public ZoneOffset getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}
