package io.github.evertoken.grant;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.authentication.CredentialFile;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.TestWebClients;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The grants that show a token, against a token endpoint that verifies it: its signature,
 * its audience and its time.
 */
class GrantScenarioTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final URI JWT = URI.create("urn:ietf:params:oauth:token-type:jwt");

	private static final ECKey KEY = key();

	@StartStop
	private final MockWebServer server = new MockWebServer();

	@BeforeEach
	void verify() {
		this.server.setDispatcher(new VerifyingEndpoint());
	}

	@Test
	void jwtBearerWhenAssertionHoldsThenIsGranted() {
		try (DefaultTokenManager manager = manager(AuthorizationGrant.jwtBearer(SecurityTokenSource.ofKey()))) {
			assertThat(token(manager, onBehalfOf("alice"))).isEqualTo("alice.1");
			assertThat(token(manager, onBehalfOf("bob"))).isEqualTo("bob.2");
		}
	}

	@Test
	@Tag("FP-1")
	void jwtBearerWhenSignedWithAnotherKeyThenSomebodyMustLogInAgain() {
		try (DefaultTokenManager manager = manager(AuthorizationGrant.jwtBearer(SecurityTokenSource.ofKey()))) {
			TokenKey key = TokenKey.onBehalfOf("inventory", jwt("alice", key(), Instant.now().plusSeconds(60)));
			assertThatExceptionOfType(ReauthenticationRequiredException.class).isThrownBy(() -> token(manager, key))
				.withMessageContaining("wrong signature");
			assertThatExceptionOfType(ReauthenticationRequiredException.class).isThrownBy(() -> token(manager, key));
			assertThat(this.server.getRequestCount()).isEqualTo(1);
		}
	}

	@Test
	@Tag("FP-1")
	void jwtBearerWhenAssertionHasExpiredThenSomebodyMustLogInAgain() {
		try (DefaultTokenManager manager = manager(AuthorizationGrant.jwtBearer(SecurityTokenSource.ofKey()))) {
			TokenKey key = TokenKey.onBehalfOf("inventory", jwt("alice", KEY, Instant.now().minusSeconds(1)));
			assertThatExceptionOfType(ReauthenticationRequiredException.class).isThrownBy(() -> token(manager, key))
				.withMessageContaining("expired");
		}
	}

	@Test
	@Tag("SF-1")
	void tokenExchangeWhenManyCallOnBehalfOfOneThenItIsExchangedOnce() {
		try (DefaultTokenManager manager = manager(
				AuthorizationGrant.tokenExchange(SecurityTokenSource.ofKey(), JWT))) {
			TokenKey key = onBehalfOf("alice");
			List<String> tokens = Flux.range(0, 200)
				.flatMap((i) -> manager.token(key).map(AccessToken::value), 200)
				.distinct()
				.collectList()
				.block(TIMEOUT);
			assertThat(tokens).containsExactly("alice.1");
		}
	}

	@Test
	@Tag("FP-1")
	void tokenExchangeWhenSubjectTokenIsRefusedThenSomebodyMustLogInAgain() {
		try (DefaultTokenManager manager = manager(
				AuthorizationGrant.tokenExchange(SecurityTokenSource.ofKey(), JWT))) {
			TokenKey key = TokenKey.onBehalfOf("inventory", jwt("alice", key(), Instant.now().plusSeconds(60)));
			assertThatExceptionOfType(ReauthenticationRequiredException.class).isThrownBy(() -> token(manager, key))
				.withMessageContaining("invalid_request")
				.withMessageNotContaining(key.subjectToken());
		}
	}

	@Test
	@Tag("FP-4")
	void clientCredentialsWhenInvalidGrantThenTheServiceRecoversByItself() {
		AtomicInteger asked = new AtomicInteger();
		this.server.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				return (asked.incrementAndGet() <= 2)
						? VerifyingEndpoint.json(400, "{\"error\":\"invalid_grant\",\"error_description\":\"iat\"}")
						: VerifyingEndpoint.json(200, "{\"access_token\":\"a1\",\"expires_in\":60}");
			}

		});
		TokenKey key = TokenKey.of("inventory");
		try (DefaultTokenManager manager = manager(AuthorizationGrant.clientCredentials())) {
			assertThatExceptionOfType(TokenRefusedException.class).isThrownBy(() -> token(manager, key))
				.withMessageContaining("invalid_grant");
			Awaitility.await()
				.ignoreException(TokenRefusedException.class)
				.untilAsserted(() -> assertThat(token(manager, key)).isEqualTo("a1"));
			assertThat(asked).hasValue(3);
		}
	}

	@Test
	void fileWhenItIsReplacedThenTheNextFlightShowsWhatIsThere(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("token"), jwt("blue", KEY, Instant.now().plusSeconds(60)));
		SecurityTokenSource source = SecurityTokenSource
			.file(CredentialFile.of("subject-token.location", new FileSystemResource(file)));
		try (DefaultTokenManager manager = manager(AuthorizationGrant.jwtBearer(source))) {
			TokenKey key = TokenKey.of("inventory");
			assertThat(token(manager, key)).isEqualTo("blue.1");
			Files.writeString(file, jwt("green", KEY, Instant.now().plusSeconds(60)) + "\n");
			manager.remove(key).block(TIMEOUT);
			assertThat(token(manager, key)).isEqualTo("green.2");
			Files.delete(file);
			manager.remove(key).block(TIMEOUT);
			assertThatExceptionOfType(TransientTokenException.class).isThrownBy(() -> token(manager, key))
				.withMessageContaining("subject-token.location")
				.withMessageContaining("does not exist");
		}
	}

	private DefaultTokenManager manager(AuthorizationGrant grant) {
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(this.server.url("/token").uri())
			.clientAuthentication(ClientAuthentication.clientSecretPost("orders", "secret"))
			.grant(grant)
			.build();
		return DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer)
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofMinutes(1))
				.build())
			.build();
	}

	private static String token(DefaultTokenManager manager, TokenKey key) {
		return manager.token(key).block(TIMEOUT).value();
	}

	private TokenKey onBehalfOf(String subject) {
		return TokenKey.onBehalfOf("inventory", jwt(subject, KEY, Instant.now().plusSeconds(60)));
	}

	private String jwt(String subject, ECKey key, Instant expiresAt) {
		try {
			SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256),
					new JWTClaimsSet.Builder().subject(subject)
						.audience(this.server.url("/token").toString())
						.expirationTime(Date.from(expiresAt))
						.build());
			jwt.sign(new ECDSASigner(key));
			return jwt.serialize();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static ECKey key() {
		try {
			return new ECKeyGenerator(Curve.P_256).generate();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Grants a token that names the subject and counts.
	 */
	private final class VerifyingEndpoint extends Dispatcher {

		private int granted;

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			Map<String, String> form = Arrays.stream(request.getBody().utf8().split("&"))
				.map((pair) -> pair.split("=", 2))
				.collect(Collectors.toMap((pair) -> pair[0],
						(pair) -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
			boolean exchange = String.valueOf(form.get("grant_type")).endsWith(":token-exchange");
			boolean typed = !exchange || JWT.toString().equals(form.get("subject_token_type"));
			String problem = !typed ? "wrong type" : problem(form.get(exchange ? "subject_token" : "assertion"));
			if (problem != null) {
				return json(400,
						"{\"error\":\"" + (exchange ? "invalid_request" : "invalid_grant")
								+ "\",\"error_description\":\"" + (exchange ? "the subject_token is not valid: " : "")
								+ problem + "\"}");
			}
			return json(200, "{\"access_token\":\"" + subject(form.get(exchange ? "subject_token" : "assertion")) + "."
					+ ++this.granted + "\",\"expires_in\":60}");
		}

		private String problem(String token) {
			try {
				SignedJWT jwt = SignedJWT.parse(token);
				if (!jwt.verify(new ECDSAVerifier(KEY))) {
					return "wrong signature";
				}
				String audience = GrantScenarioTests.this.server.url("/token").toString();
				if (!jwt.getJWTClaimsSet().getAudience().equals(List.of(audience))) {
					return "wrong audience";
				}
				return jwt.getJWTClaimsSet().getExpirationTime().toInstant().isAfter(Instant.now()) ? null : "expired";
			}
			catch (ParseException | JOSEException ex) {
				return "not a JWT";
			}
		}

		private static String subject(String token) {
			try {
				return SignedJWT.parse(token).getJWTClaimsSet().getSubject();
			}
			catch (ParseException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private static MockResponse json(int status, String json) {
			return new MockResponse.Builder().code(status)
				.addHeader("Content-Type", "application/json")
				.body(json)
				.build();
		}

	}

}
