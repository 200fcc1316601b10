package io.github.evertoken.endpoint;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import com.nimbusds.jwt.SignedJWT;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.test.DpopAuthorizationServer;
import io.github.evertoken.test.TestWebClients;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for token requests with DPoP (RFC 9449, sections 5 and 8), over real HTTP.
 */
class DpopTokenRequestTests {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	@StartStop
	private final MockWebServer server = new MockWebServer();

	private final DpopProofs proofs = DpopProofs.withGeneratedKey("ES256");

	private final AtomicInteger authentications = new AtomicInteger();

	private OAuth2TokenIssuer issuer(URI tokenUri) {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(tokenUri)
			.clientAuthentication((request) -> Mono.fromRunnable(
					() -> request.form().set("client_assertion", "jwt-" + this.authentications.incrementAndGet())))
			.dpop(this.proofs)
			.build();
	}

	private TokenSet issue(@Nullable String refreshToken) {
		return issuer(this.server.url("/token?tenant=a").uri())
			.issue(new TokenRequest(TokenKey.of("inventory"), Trigger.USE, refreshToken))
			.block(LIMIT);
	}

	private void answer(int status, @Nullable String nonce, String json) {
		MockResponse.Builder response = new MockResponse.Builder().code(status)
			.addHeader("Content-Type", "application/json")
			.body(json);
		this.server.enqueue(((nonce != null) ? response.addHeader("DPoP-Nonce", nonce) : response).build());
	}

	private RecordedRequest request() throws InterruptedException {
		return this.server.takeRequest(10, TimeUnit.SECONDS);
	}

	@Test
	void issueWhenServerVerifiesThenTokenIsBound() {
		try (DpopAuthorizationServer verifying = new DpopAuthorizationServer()) {
			verifying.verifier().require("n1");
			TokenSet tokens = issuer(verifying.tokenUri())
				.issue(new TokenRequest(TokenKey.of("inventory"), Trigger.USE, null))
				.block(LIMIT);
			assertThat(tokens.tokenType()).isEqualTo("DPoP");
			assertThat(this.proofs.fit(tokens)).isTrue();
			assertThat(verifying.verifier().claims("nonce")).containsExactly(null, "n1");
		}
	}

	@Test
	void issueWhenTheNonceGoesStaleBetweenTwoFlightsThenOneAttemptMoreIsEnough() {
		try (DpopAuthorizationServer verifying = new DpopAuthorizationServer()) {
			OAuth2TokenIssuer issuer = issuer(verifying.tokenUri());
			TokenRequest request = new TokenRequest(TokenKey.of("inventory"), Trigger.USE, null);
			verifying.verifier().give("n1");
			issuer.issue(request).block(LIMIT);
			verifying.verifier().require("n2");
			assertThat(this.proofs.fit(issuer.issue(request).block(LIMIT))).isTrue();
			assertThat(verifying.verifier().claims("nonce")).containsExactly(null, "n1", "n2");
			assertThat(verifying.verifier().claims("jti")).doesNotHaveDuplicates();
			issuer.issue(request).block(LIMIT);
			assertThat(verifying.verifier().claims("nonce")).hasSize(4).last().isEqualTo("n2");
			assertThat(verifying.issued()).isEqualTo(3);
		}
	}

	@Test
	void issueWhenAProofIsReplayedThenTheServerRefusesIt() {
		try (DpopAuthorizationServer verifying = new DpopAuthorizationServer()) {
			AtomicReference<String> first = new AtomicReference<>();
			OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(TestWebClients.builder().filter((request, next) -> {
				first.compareAndSet(null, request.headers().getFirst("DPoP"));
				return next.exchange(
						ClientRequest.from(request).headers((headers) -> headers.set("DPoP", first.get())).build());
			}).build())
				.tokenUri(verifying.tokenUri())
				.clientAuthentication(ClientAuthentication.none("orders"))
				.dpop(this.proofs)
				.build();
			TokenRequest request = new TokenRequest(TokenKey.of("inventory"), Trigger.USE, null);
			issuer.issue(request).block(LIMIT);
			TokenException ex = catchThrowableOfType(TokenException.class, () -> issuer.issue(request).block(LIMIT));
			assertThat(ex.error()).isEqualTo("invalid_dpop_proof");
			assertThat(ex.errorDescription()).isEqualTo("jti is replayed");
			assertThat(verifying.requests()).isEqualTo(2);
		}
	}

	@Test
	void issueThenProofIsForTheTokenEndpoint() throws Exception {
		answer(200, null, "{\"access_token\":\"a\",\"token_type\":\"dpop\"}");
		assertThat(issue(null).tokenType()).isEqualTo("DPoP");
		SignedJWT proof = SignedJWT.parse(request().getHeaders().get("DPoP"));
		assertThat(proof.getJWTClaimsSet().getClaim("htm")).isEqualTo("POST");
		assertThat(proof.getJWTClaimsSet().getClaim("htu")).isEqualTo(this.server.url("/token").toString());
		assertThat(proof.getJWTClaimsSet().getClaim("ath")).isNull();
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401 })
	void issueWhenNonceIsWantedThenTheWholeRequestIsMadeAnew(int status) throws Exception {
		answer(status, "n1", "{\"error\":\"use_dpop_nonce\"}");
		answer(200, "n2", "{\"access_token\":\"a\",\"token_type\":\"DPoP\"}");
		answer(200, null, "{\"access_token\":\"b\",\"token_type\":\"DPoP\"}");
		assertThat(issue("r1").accessToken()).isEqualTo("a");
		assertThat(issue("r1").accessToken()).isEqualTo("b");
		String[] nonces = { null, "n1", "n2" };
		for (int i = 0; i < 3; i++) {
			RecordedRequest request = request();
			assertThat(request.getBody().utf8()).contains("refresh_token=r1", "client_assertion=jwt-" + (i + 1));
			assertThat(SignedJWT.parse(request.getHeaders().get("DPoP")).getJWTClaimsSet().getClaim("nonce"))
				.isEqualTo(nonces[i]);
		}
	}

	@Test
	@Tag("FP-1")
	void issueWhenAnotherNonceIsWantedThenFailsForNow() {
		answer(400, "n1", "{\"error\":\"use_dpop_nonce\"}");
		answer(400, "n2", "{\"error\":\"use_dpop_nonce\"}");
		TransientTokenException ex = catchThrowableOfType(TransientTokenException.class, () -> issue(null));
		assertThat(ex.error()).isEqualTo("use_dpop_nonce");
		assertThat(this.server.getRequestCount()).isEqualTo(2);
	}

	@Test
	void issueWhenAnotherErrorComesWithANonceThenIsNotRepeated() {
		answer(400, "n1", "{\"error\":\"invalid_grant\"}");
		assertThat(catchThrowableOfType(TokenException.class, () -> issue("r1")))
			.isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(this.server.getRequestCount()).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			value = { ",\"token_type\":\"Bearer\"|Its token_type is not DPoP, on which the client insists",
					"|Its token_type is not DPoP", ",\"token_type\":false|Its token_type is not DPoP",
					",\"token_type\":7|Its token_type is not a string" })
	@Tag("FP-1")
	void issueWhenTokenIsNotBoundThenRefuses(@Nullable String type, String reason) {
		answer(200, null, "{\"access_token\":\"planted\"" + ((type != null) ? type : "") + "}");
		TokenRefusedException ex = catchThrowableOfType(TokenRefusedException.class, () -> issue(null));
		assertThat(ex).hasMessageContaining("/token answered with a token response that cannot be used: " + reason);
		assertThat(ex.getMessage()).doesNotContain("planted");
	}

	@Test
	@Tag("SE-2")
	void issueWhenServerRepeatsTheProofThenTheExceptionDoesNot() throws Exception {
		this.server.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				return new MockResponse.Builder().code(400)
					.body("{\"error\":\"invalid_dpop_proof\",\"error_description\":\""
							+ request.getHeaders().get("DPoP") + "\"}")
					.build();
			}

		});
		TransientTokenException ex = catchThrowableOfType(TransientTokenException.class, () -> issue(null));
		String proof = request().getHeaders().get("DPoP");
		assertThat(ex.error()).isEqualTo("invalid_dpop_proof");
		assertThat(ex.errorDescription()).isEqualTo("***");
		assertThat(ex.getMessage()).doesNotContain(proof).doesNotContain(proof.split("\\.")[2]);
	}

}
