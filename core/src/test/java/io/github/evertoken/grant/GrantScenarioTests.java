package io.github.evertoken.grant;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
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
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.test.server.ReceivedRequest;
import io.github.evertoken.test.support.TestWebClients;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
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

	private static final String ANOTHER_SECRET = "not the one that it is registered with";

	@RegisterExtension
	final AuthorizationServer server = AuthorizationServer.forClients("orders");

	@Test
	void jwtBearerWhenAssertionHoldsThenIsGranted() {
		try (DefaultTokenManager manager = manager(AuthorizationGrant.jwtBearer(SecurityTokenSource.ofKey()))) {
			assertThat(token(manager, assertionOf("alice"))).isEqualTo(1);
			assertThat(token(manager, assertionOf("bob"))).isEqualTo(2);
			assertThatTokensAreOf("alice", "bob");
		}
	}

	@Test
	@Tag("FP-1")
	void jwtBearerWhenSignedWithAnotherKeyThenSomebodyMustLogInAgain() {
		try (DefaultTokenManager manager = manager(AuthorizationGrant.jwtBearer(SecurityTokenSource.ofKey()))) {
			TokenKey key = TokenKey.onBehalfOf("inventory",
					jwt("alice", ANOTHER_SECRET, this.server.tokenUri(), Instant.now().plusSeconds(60)));
			assertThatExceptionOfType(ReauthenticationRequiredException.class).isThrownBy(() -> token(manager, key))
				.withMessageContaining("not signed with what client 'orders' is registered with");
			assertThatExceptionOfType(ReauthenticationRequiredException.class).isThrownBy(() -> token(manager, key));
			assertThat(this.server).receivedTokenRequests(1).issuedAccessTokens(0);
		}
	}

	@Test
	@Tag("FP-1")
	void jwtBearerWhenAssertionHasExpiredThenSomebodyMustLogInAgain() {
		try (DefaultTokenManager manager = manager(AuthorizationGrant.jwtBearer(SecurityTokenSource.ofKey()))) {
			TokenKey key = TokenKey.onBehalfOf("inventory", jwt("alice", this.server.clientSecret("orders"),
					this.server.tokenUri(), Instant.now().minus(Duration.ofHours(1))));
			assertThatExceptionOfType(ReauthenticationRequiredException.class).isThrownBy(() -> token(manager, key))
				.withMessageContaining("has expired");
			assertThat(this.server).issuedAccessTokens(0);
		}
	}

	@Test
	void jwtBearerWhenAssertionIsForAnotherThenSomebodyMustLogInAgain() {
		try (DefaultTokenManager manager = manager(AuthorizationGrant.jwtBearer(SecurityTokenSource.ofKey()))) {
			TokenKey key = TokenKey.onBehalfOf("inventory", jwt("alice", this.server.clientSecret("orders"),
					"https://elsewhere.example/token", Instant.now().plusSeconds(60)));
			assertThatExceptionOfType(ReauthenticationRequiredException.class).isThrownBy(() -> token(manager, key))
				.withMessageContaining("https://elsewhere.example/token");
			assertThat(this.server).issuedAccessTokens(0);
		}
	}

	@Test
	@Tag("SF-1")
	void tokenExchangeWhenManyCallOnBehalfOfOneThenItIsExchangedOnce() {
		try (DefaultTokenManager manager = manager(
				AuthorizationGrant.tokenExchange(SecurityTokenSource.ofKey(), JWT))) {
			TokenKey key = TokenKey.onBehalfOf("inventory", this.server.userToken("alice"));
			List<String> tokens = Flux.range(0, 200)
				.flatMap((i) -> manager.token(key).map(AccessToken::value), 200)
				.distinct()
				.collectList()
				.block(TIMEOUT);
			assertThat(tokens).extracting(this.server::accessTokenNumber).containsExactly(1);
			assertThatTokensAreOf("alice");
			assertThat(this.server).receivedTokenRequestsWith("subject_token_type", JWT.toString(), 1);
		}
	}

	@Test
	@Tag("FP-1")
	void tokenExchangeWhenSubjectTokenIsRefusedThenSomebodyMustLogInAgain() {
		try (DefaultTokenManager manager = manager(
				AuthorizationGrant.tokenExchange(SecurityTokenSource.ofKey(), JWT))) {
			TokenKey key = TokenKey.onBehalfOf("inventory", this.server.userToken("alice"));
			this.server.revokeAccessToken(key.subjectToken());
			assertThatExceptionOfType(ReauthenticationRequiredException.class).isThrownBy(() -> token(manager, key))
				.withMessageContaining("invalid_request")
				.withMessageNotContaining(key.subjectToken());
			assertThat(this.server).issuedAccessTokens(0);
		}
	}

	@Test
	@Tag("FP-4")
	void clientCredentialsWhenInvalidGrantThenTheServiceRecoversByItself() {
		this.server.disturb(Fault.refused("invalid_grant").times(2));
		TokenKey key = TokenKey.of("inventory");
		try (DefaultTokenManager manager = manager(AuthorizationGrant.clientCredentials())) {
			assertThatExceptionOfType(TokenRefusedException.class).isThrownBy(() -> token(manager, key))
				.withMessageContaining("invalid_grant");
			Awaitility.await()
				.ignoreException(TokenRefusedException.class)
				.untilAsserted(() -> assertThat(token(manager, key)).isEqualTo(1));
			assertThat(this.server).receivedTokenRequests(3);
		}
	}

	@Test
	void fileWhenItIsReplacedThenTheNextFlightShowsWhatIsThere(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("token"), assertion("blue"));
		SecurityTokenSource source = SecurityTokenSource
			.file(CredentialFile.of("subject-token.location", new FileSystemResource(file)));
		try (DefaultTokenManager manager = manager(AuthorizationGrant.jwtBearer(source))) {
			TokenKey key = TokenKey.of("inventory");
			assertThat(token(manager, key)).isEqualTo(1);
			Files.writeString(file, assertion("green") + "\n");
			manager.remove(key).block(TIMEOUT);
			assertThat(token(manager, key)).isEqualTo(2);
			assertThatTokensAreOf("blue", "green");
			Files.delete(file);
			manager.remove(key).block(TIMEOUT);
			assertThatExceptionOfType(TransientTokenException.class).isThrownBy(() -> token(manager, key))
				.withMessageContaining("subject-token.location")
				.withMessageContaining("does not exist");
		}
	}

	private DefaultTokenManager manager(AuthorizationGrant grant) {
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(URI.create(this.server.tokenUri()))
			.clientAuthentication(ClientAuthentication.clientSecretPost("orders", this.server.clientSecret("orders")))
			.grant(grant)
			.build();
		return DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer)
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofMinutes(1))
				.patience(Duration.ZERO)
				.build())
			.build();
	}

	/**
	 * Return the number of the access token of a key.
	 */
	private int token(DefaultTokenManager manager, TokenKey key) {
		return this.server.accessTokenNumber(manager.token(key).block(TIMEOUT).value());
	}

	private void assertThatTokensAreOf(String... subjects) {
		assertThat(this.server).requests(Endpoint.TOKEN).extracting(ReceivedRequest::subject).containsExactly(subjects);
	}

	private TokenKey assertionOf(String subject) {
		return TokenKey.onBehalfOf("inventory", assertion(subject));
	}

	private String assertion(String subject) {
		return jwt(subject, this.server.clientSecret("orders"), this.server.tokenUri(), Instant.now().plusSeconds(60));
	}

	private static String jwt(String subject, String secret, String audience, Instant expiresAt) {
		try {
			SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256),
					new JWTClaimsSet.Builder().issuer("orders")
						.subject(subject)
						.audience(audience)
						.expirationTime(Date.from(expiresAt))
						.build());
			jwt.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
			return jwt.serialize();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
