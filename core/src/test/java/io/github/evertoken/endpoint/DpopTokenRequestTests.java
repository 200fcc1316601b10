package io.github.evertoken.endpoint;

import java.net.URI;
import java.time.Duration;
import java.util.List;
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
import io.github.evertoken.test.ReceivedProofs;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.ReceivedRequest;
import io.github.evertoken.test.support.TestWebClients;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for token requests with DPoP (RFC 9449, sections 5 and 8), over real HTTP.
 */
class DpopTokenRequestTests {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final TokenRequest REQUEST = new TokenRequest(TokenKey.of("inventory"), Trigger.USE, null);

	@StartStop
	private final MockWebServer server = new MockWebServer();

	@RegisterExtension
	final AuthorizationServer verifying = AuthorizationServer.forClients("orders").requireDpop();

	private final DpopProofs proofs = DpopProofs.withGeneratedKey("ES256");

	private final AtomicInteger authentications = new AtomicInteger();

	private TokenSet issue(@Nullable String refreshToken) {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(this.server.url("/token?tenant=a").uri())
			.clientAuthentication((request) -> Mono.fromRunnable(
					() -> request.form().set("client_assertion", "jwt-" + this.authentications.incrementAndGet())))
			.dpop(this.proofs)
			.build()
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
		return this.server.takeRequest(1, TimeUnit.MINUTES);
	}

	private OAuth2TokenIssuer.Builder verified(WebClient webClient) {
		return OAuth2TokenIssuer.builder(webClient)
			.tokenUri(URI.create(this.verifying.tokenUri()))
			.clientAuthentication(
					ClientAuthentication.clientSecretBasic("orders", this.verifying.clientSecret("orders")))
			.dpop(this.proofs);
	}

	private List<Object> claims(String name) {
		return ReceivedProofs.claims(this.verifying, Endpoint.TOKEN, name);
	}

	@Test
	void issueWhenServerVerifiesThenTokenIsBound() {
		this.verifying.withJwts().requireDpopNonce();
		TokenSet tokens = verified(TestWebClients.builder().build()).build().issue(REQUEST).block(LIMIT);
		assertThat(tokens.tokenType()).isEqualTo("DPoP");
		assertThat(this.proofs.fit(tokens)).isTrue();
		assertThat(this.verifying).requests(Endpoint.TOKEN)
			.extracting(ReceivedRequest::error)
			.containsExactly("use_dpop_nonce", null);
		assertThat(claims("nonce")).startsWith((Object) null);
	}

	@Test
	void issueWhenTheNonceGoesStaleBetweenTwoFlightsThenOneAttemptMoreIsEnough() {
		OAuth2TokenIssuer issuer = verified(TestWebClients.builder().build()).build();
		this.verifying.withJwts().requireDpopNonce();
		issuer.issue(REQUEST).block(LIMIT);
		this.verifying.changeDpopNonce();
		assertThat(this.proofs.fit(issuer.issue(REQUEST).block(LIMIT))).isTrue();
		issuer.issue(REQUEST).block(LIMIT);
		assertThat(this.verifying).issuedAccessTokens(3)
			.requests(Endpoint.TOKEN)
			.extracting(ReceivedRequest::error)
			.containsExactly("use_dpop_nonce", null, "use_dpop_nonce", null, null);
		List<Object> nonces = claims("nonce");
		assertThat(nonces).startsWith((Object) null).hasSize(5);
		assertThat(nonces.get(2)).isEqualTo(nonces.get(1)).isNotEqualTo(nonces.get(3));
		assertThat(nonces.get(4)).isEqualTo(nonces.get(3));
		assertThat(claims("jti")).doesNotHaveDuplicates();
	}

	@Test
	void issueWhenAProofIsReplayedThenTheServerRefusesIt() {
		AtomicReference<String> first = new AtomicReference<>();
		OAuth2TokenIssuer issuer = verified(TestWebClients.builder().filter((request, next) -> {
			first.compareAndSet(null, request.headers().getFirst("DPoP"));
			return next
				.exchange(ClientRequest.from(request).headers((headers) -> headers.set("DPoP", first.get())).build());
		}).build()).build();
		issuer.issue(REQUEST).block(LIMIT);
		TokenException ex = catchThrowableOfType(TokenException.class, () -> issuer.issue(REQUEST).block(LIMIT));
		assertThat(ex.error()).isEqualTo("invalid_dpop_proof");
		assertThat(ex.errorDescription()).isEqualTo("The jti was used before");
		assertThat(this.verifying).receivedTokenRequests(2);
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
