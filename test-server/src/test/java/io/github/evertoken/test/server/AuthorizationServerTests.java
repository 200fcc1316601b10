package io.github.evertoken.test.server;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link AuthorizationServer}.
 */
class AuthorizationServerTests {

	private static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

	private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

	private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

	private static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

	private final MovedTime time = new MovedTime();

	@RegisterExtension
	final AuthorizationServer server = AuthorizationServer.forClients("inventory").with(this.time);

	private final Http http = new Http(this.server);

	@Test
	@Tag("TE-1")
	void clientCredentialsThenIssuesATokenThatTheResourceAccepts() throws IOException {
		HttpResponse<String> response = this.http.token("client_credentials", "scope", "read write");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
		assertThat(Http.members(response)).containsEntry("token_type", "Bearer")
			.containsEntry("expires_in", 3600L)
			.containsEntry("scope", "read write")
			.doesNotContainKey("refresh_token");
		assertThat(this.http.resource("Authorization", "Bearer " + Http.member(response, "access_token")).statusCode())
			.isEqualTo(200);
	}

	@Test
	@Tag("TE-1")
	void tokenWhenTheClientIsUnknownOrItsSecretWrongThenIsRefused() throws IOException {
		this.server.register("orders", "right");
		String form = Http.form("client_credentials", "client_id", "orders", "client_secret", "wrong");
		HttpResponse<String> wrong = this.http.post(this.server.tokenUri(), "", form);
		HttpResponse<String> unknown = this.http.post(this.server.tokenUri(), "",
				form.replace("=orders", "=elsewhere"));
		HttpResponse<String> none = this.http.post(this.server.tokenUri(), "", Http.form("client_credentials"));
		HttpResponse<String> nothing = this.http.post(this.server.tokenUri(), "",
				Http.form("client_credentials", "client_id", "orders"));
		assertThat(List.of(wrong, unknown, none, nothing)).allSatisfy((response) -> {
			assertThat(response.statusCode()).isEqualTo(401);
			assertThat(Http.member(response, "error")).isEqualTo("invalid_client");
			assertThat(Http.challenge(response)).startsWith("Basic");
		});
		assertThat(this.http.post(this.server.tokenUri(), "", form.replace("wrong", "right")).statusCode())
			.isEqualTo(200);
	}

	@Test
	void tokenWhenTheClientSignsAnAssertionThenIsIssuedOnce() throws IOException, JOSEException {
		ECKey key = new ECKeyGenerator(Curve.P_256).generate();
		this.server.register("signer", key.toPublicKey());
		this.server.register("with-a-secret", "a secret of 32 bytes at the least");
		SignedJWT signed = jwt(JWSAlgorithm.ES256, claims("signer", this.server.tokenUri()));
		signed.sign(new ECDSASigner(key));
		SignedJWT authenticated = jwt(JWSAlgorithm.HS256, claims("with-a-secret", this.server.issuer()));
		authenticated.sign(new MACSigner("a secret of 32 bytes at the least"));
		SignedJWT ofAnother = jwt(JWSAlgorithm.ES256, claims("with-a-secret", this.server.issuer()));
		ofAnother.sign(new ECDSASigner(key));
		SignedJWT forOthers = jwt(JWSAlgorithm.ES256, claims("signer", "https://elsewhere"));
		forOthers.sign(new ECDSASigner(key));
		assertThat(shown(signed)).isEqualTo(200);
		assertThat(shown(authenticated)).isEqualTo(200);
		assertThat(shown(signed)).isEqualTo(401);
		assertThat(shown(ofAnother)).isEqualTo(401);
		assertThat(shown(forOthers)).isEqualTo(401);
	}

	private int shown(SignedJWT assertion) throws IOException {
		return this.http
			.post(this.server.tokenUri(), "", Http.form("client_credentials", "client_assertion_type", ASSERTION,
					"client_assertion", assertion.serialize()))
			.statusCode();
	}

	private static SignedJWT jwt(JWSAlgorithm algorithm, JWTClaimsSet claims) {
		return new SignedJWT(new JWSHeader(algorithm), claims);
	}

	private static JWTClaimsSet claims(String client, String audience) {
		return new JWTClaimsSet.Builder().issuer(client)
			.subject(client)
			.audience(audience)
			.jwtID(client + audience)
			.expirationTime(java.util.Date.from(Instant.now().plusSeconds(300)))
			.build();
	}

	@ParameterizedTest
	@ValueSource(strings = { "password", "", "authorization_code" })
	void tokenWhenTheGrantIsUnknownThenIsRefused(String grantType) throws IOException {
		HttpResponse<String> response = this.http.token(grantType);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(Http.member(response, "error"))
			.isEqualTo(grantType.isEmpty() ? "invalid_request" : "unsupported_grant_type");
	}

	@Test
	@Tag("TE-1")
	void refreshWhenTheTokenIsMadeUpThenIsRefused() throws IOException {
		String real = this.server.newSession("inventory", "alice");
		for (String madeUp : List.of("", "made-up", real + "x", real.substring(1))) {
			HttpResponse<String> response = this.http.token("refresh_token", "refresh_token", madeUp);
			assertThat(response.statusCode()).isEqualTo(400);
			assertThat(Http.member(response, "error")).isEqualTo("invalid_grant");
		}
		assertThat(Http.member(this.http.token("refresh_token"), "error")).isEqualTo("invalid_request");
		assertThat(this.server).issuedAccessTokens(0).sawNoReuse().endedSessions(0);
	}

	@Test
	void refreshWhenTheTokenIsAnotherClientsThenIsRefused() throws IOException {
		this.server.register("orders", "secret");
		String refreshToken = this.server.newSession("orders", "alice");
		assertThat(Http.member(this.http.token("refresh_token", "refresh_token", refreshToken), "error"))
			.isEqualTo("invalid_grant");
		assertThat(this.server).sawNoReuse().endedSessions(0);
	}

	@Test
	@Tag("TE-1")
	void refreshWhenRotatedThenEachTokenIsGoodOnceAndReuseEndsTheSession() throws IOException {
		String first = this.server.newSession("inventory", "alice");
		String second = this.http.refreshed(first, "refresh_token");
		String third = this.http.refreshed(second, "refresh_token");
		HttpResponse<String> last = this.http.token("refresh_token", "refresh_token", third);
		String bearer = "Bearer " + Http.member(last, "access_token");
		assertThat(List.of(first, second, third, Http.member(last, "refresh_token"))).doesNotHaveDuplicates();
		assertThat(this.http.resource("Authorization", bearer).statusCode()).isEqualTo(200);
		assertThat(this.server).sawNoReuse();

		assertThat(Http.member(this.http.token("refresh_token", "refresh_token", second), "error"))
			.isEqualTo("invalid_grant");
		assertThat(this.server).reusedRefreshTokens(1).endedSessions(1);
		assertThat(Http.member(this.http.token("refresh_token", "refresh_token", Http.member(last, "refresh_token")),
				"error"))
			.isEqualTo("invalid_grant");
		assertThat(this.http.resource("Authorization", bearer).statusCode()).isEqualTo(401);
		assertThat(this.server).receivedRefreshToken(second, 2).reusedRefreshTokens(1).endedSessions(1);
	}

	@Test
	@Tag("TE-1")
	void refreshWhenThereIsAGraceThenReuseIsGrantedUntilItIsOver() throws IOException {
		this.server.rotationGrace(Duration.ofSeconds(30));
		String first = this.server.newSession("inventory", "alice");
		String second = this.http.refreshed(first, "refresh_token");
		this.time.pass(Duration.ofSeconds(29));
		assertThat(this.http.refreshed(first, "refresh_token")).isNotEqualTo(second);
		assertThat(this.server).sawNoReuse();
		this.time.pass(Duration.ofSeconds(1));
		assertThat(this.http.token("refresh_token", "refresh_token", first).statusCode()).isEqualTo(400);
		assertThat(this.http.token("refresh_token", "refresh_token", second).statusCode()).isEqualTo(400);
		assertThat(this.server).reusedRefreshTokens(1).endedSessions(1);
	}

	@Test
	void refreshWhenThereIsNoRotationThenTheTokenIsGoodAgainAndAgain() throws IOException {
		this.server.withoutRotation();
		String refreshToken = this.server.newSession("inventory", "alice");
		assertThat(this.http.refreshed(refreshToken, "refresh_token")).isEqualTo("null");
		assertThat(this.http.refreshed(refreshToken, "access_token")).isNotEmpty();
		assertThat(this.server).sawNoReuse().issuedAccessTokens(2);
	}

	@Test
	void endSessionThenNothingOfItIsAccepted() throws IOException {
		String first = this.server.newSession("inventory", "alice");
		HttpResponse<String> response = this.http.token("refresh_token", "refresh_token", first);
		this.server.endSession(first);
		assertThat(
				this.http.token("refresh_token", "refresh_token", Http.member(response, "refresh_token")).statusCode())
			.isEqualTo(400);
		assertThat(this.http.resource("Authorization", "Bearer " + Http.member(response, "access_token")).statusCode())
			.isEqualTo(401);
		assertThat(this.server).sawNoReuse().endedSessions(1);
		assertThatIllegalArgumentException().isThrownBy(() -> this.server.endSession("made-up"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.server.newSession("nobody", "alice"));
	}

	@Test
	void exchangeThenActsForWhomTheTokenIsOf() throws IOException {
		this.server.withJwts();
		String userToken = this.server.userToken("alice");
		HttpResponse<String> response = this.http.token(TOKEN_EXCHANGE, "subject_token", userToken,
				"subject_token_type", ACCESS_TOKEN, "audience", "stock");
		assertThat(Http.member(response, "issued_token_type")).isEqualTo(ACCESS_TOKEN);
		assertThat(claims(Http.member(response, "access_token"))).containsEntry("sub", "alice")
			.containsEntry("client_id", "inventory");
		for (String madeUp : List.of("made-up", userToken + "x")) {
			assertThat(this.http.token(TOKEN_EXCHANGE, "subject_token", madeUp, "subject_token_type", ACCESS_TOKEN)
				.statusCode()).isEqualTo(400);
		}
		this.time.pass(Duration.ofHours(2));
		assertThat(this.http.token(TOKEN_EXCHANGE, "subject_token", userToken, "subject_token_type", ACCESS_TOKEN)
			.statusCode()).isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "actor_token", "actor_token_type" })
	void exchangeWhenHalfOfAnActorIsNamedThenIsRefused(String half) throws IOException {
		String userToken = this.server.userToken("alice");
		HttpResponse<String> refused = this.http.token(TOKEN_EXCHANGE, "subject_token", userToken, "subject_token_type",
				ACCESS_TOKEN, half, half.equals("actor_token") ? userToken : ACCESS_TOKEN);
		assertThat(refused.statusCode()).isEqualTo(400);
		assertThat(Http.member(refused, "error")).isEqualTo("invalid_request");
		assertThat(this.http
			.token(TOKEN_EXCHANGE, "subject_token", userToken, "subject_token_type", ACCESS_TOKEN, "actor_token",
					this.server.userToken("bob"), "actor_token_type", ACCESS_TOKEN)
			.statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "refresh_token", "id_token", "saml2", "jwt" })
	@DisplayName("RFC 8693, 2.2.2: what cannot be issued is an invalid request")
	void exchangeWhenAnotherTypeIsRequestedThenIsRefused(String type) throws IOException {
		HttpResponse<String> refused = exchange("urn:ietf:params:oauth:token-type:" + type);
		assertThat(refused.statusCode()).isEqualTo(400);
		assertThat(Http.member(refused, "error")).isEqualTo("invalid_request");
		assertThat(Http.member(refused, "error_description")).contains("requested_token_type");
		assertThat(this.server).issuedAccessTokens(0);
	}

	@Test
	@DisplayName("RFC 8693, 2.2.1: the answer tells what is issued")
	void exchangeWhenItsTypeIsRequestedThenIsIssuedAndNamed() throws IOException {
		assertThat(Http.member(exchange(ACCESS_TOKEN), "issued_token_type")).isEqualTo(ACCESS_TOKEN);
		assertThat(Http.member(exchange(""), "issued_token_type")).isEqualTo(ACCESS_TOKEN);
		this.server.withJwts();
		String jwt = "urn:ietf:params:oauth:token-type:jwt";
		assertThat(Http.member(exchange(jwt), "issued_token_type")).isEqualTo(jwt);
		assertThat(Http.member(exchange(ACCESS_TOKEN), "issued_token_type")).isEqualTo(ACCESS_TOKEN);
	}

	private HttpResponse<String> exchange(String requestedType) throws IOException {
		return this.http.token(TOKEN_EXCHANGE, "subject_token", this.server.userToken("alice"), "subject_token_type",
				ACCESS_TOKEN, "requested_token_type", requestedType);
	}

	@Test
	void jwtBearerThenActsForWhomTheAssertionIsOf() throws IOException {
		String opaque = accessToken();
		this.server.withJwts();
		HttpResponse<String> response = this.http.token(JWT_BEARER, "assertion", this.server.userToken("alice"));
		assertThat(claims(Http.member(response, "access_token"))).containsEntry("sub", "alice");
		for (String noAssertion : List.of("made.up.altogether", opaque)) {
			HttpResponse<String> refused = this.http.token(JWT_BEARER, "assertion", noAssertion);
			assertThat(Http.member(refused, "error")).isEqualTo("invalid_grant");
		}
	}

	@Test
	void jwtThenIsSignedWithTheKeyThatTheMetadataLeadsTo() throws Exception {
		this.server.withJwts();
		SignedJWT jwt = SignedJWT.parse(Http.member(this.http.token("client_credentials"), "access_token"));
		for (String location : List.of("/.well-known/openid-configuration",
				"/.well-known/oauth-authorization-server")) {
			Map<String, Object> metadata = Http.members(this.http.get(this.server.issuer() + location));
			assertThat(metadata).containsEntry("issuer", this.server.issuer())
				.containsEntry("token_endpoint", this.server.tokenUri())
				.containsEntry("revocation_endpoint", this.server.revocationUri())
				.containsEntry("jwks_uri", this.server.jwksUri());
		}
		JWKSet keys = JWKSet.parse(this.http.get(this.server.jwksUri()).body());
		assertThat(keys.containsNonPublicKeys()).isFalse();
		assertThat(jwt.verify(new RSASSAVerifier(keys.getKeyByKeyId(jwt.getHeader().getKeyID()).toRSAKey()))).isTrue();
		assertThat(jwt.getJWTClaimsSet().getIssuer()).isEqualTo(this.server.issuer());
		try (AuthorizationServer other = AuthorizationServer.forClients("inventory")) {
			JWKSet othersKeys = JWKSet.parse(this.http.get(other.jwksUri()).body());
			assertThat(othersKeys.getKeyByKeyId(jwt.getHeader().getKeyID())).isNull();
		}
	}

	private static Map<String, Object> claims(String jwt) {
		try {
			return SignedJWT.parse(jwt).getJWTClaimsSet().getClaims();
		}
		catch (java.text.ParseException ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void userTokenThenIsGoodForAnApplicationOfSpringSecurity() {
		Jwt jwt = NimbusJwtDecoder.withIssuerLocation(this.server.issuer())
			.build()
			.decode(this.server.userToken("alice"));
		assertThat(jwt.getSubject()).isEqualTo("alice");
		assertThat(jwt.getIssuer()).hasToString(this.server.issuer());
		String issuer = this.server.issuer();
		String ofAnother = AuthorizationServer.forClients().userToken("alice");
		assertThatExceptionOfType(JwtException.class)
			.isThrownBy(() -> NimbusJwtDecoder.withIssuerLocation(issuer).build().decode(ofAnother));
	}

	@Test
	void resourceWhenThereIsNoTokenThenTellsNoError() throws IOException {
		HttpResponse<String> response = this.http.resource();
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(Http.challenge(response)).isEqualTo("Bearer realm=\"api\"");
	}

	@Test
	@Tag("TE-1")
	void resourceWhenTheTokenIsNoGoodThenIsChallenged() throws IOException {
		String revoked = accessToken();
		this.server.revokeAccessToken(revoked);
		String alsoRevoked = accessToken();
		assertThat(this.http.revoke(alsoRevoked).statusCode()).isEqualTo(200);
		String expired = accessToken();
		this.time.pass(Duration.ofHours(1));
		String good = accessToken();
		for (String token : List.of("made-up", revoked, alsoRevoked, expired)) {
			HttpResponse<String> response = this.http.resource("Authorization", "Bearer " + token);
			assertThat(response.statusCode()).isEqualTo(401);
			assertThat(Http.challenge(response)).startsWith("Bearer realm=\"api\", error=\"invalid_token\"");
		}
		assertThat(this.http.resource("Authorization", "Bearer " + good).statusCode()).isEqualTo(200);
		assertThat(this.server).receivedResourceRequestsWithAccessTokens(0, 1, 2, 3, 4).receivedRevocations(1);
	}

	private String accessToken() throws IOException {
		return Http.member(this.http.token("client_credentials"), "access_token");
	}

	@Test
	void resourceWhenTheScopeIsTooSmallThenIsForbidden() throws IOException {
		this.server.requireScope("write");
		String small = Http.member(this.http.token("client_credentials", "scope", "read writer"), "access_token");
		String large = Http.member(this.http.token("client_credentials", "scope", "read write"), "access_token");
		HttpResponse<String> response = this.http.resource("Authorization", "Bearer " + small);
		assertThat(response.statusCode()).isEqualTo(403);
		assertThat(Http.challenge(response)).contains("error=\"insufficient_scope\"", "scope=\"write\"");
		assertThat(this.http.resource("Authorization", "Bearer " + large).statusCode()).isEqualTo(200);
	}

	@Test
	void resourceWhenItIsPublicThenAnswersToEverybodyAndKnowsItsOwnTokens() throws IOException {
		this.server.withPublicResource();
		this.http.resource("Authorization", "Bearer " + accessToken());
		assertThat(this.http.resource("Authorization", "Bearer other").body())
			.isEqualTo("get with an access token of another server");
		assertThat(this.http.resource().body()).isEqualTo("get without an access token");
		assertThat(this.server).receivedResourceRequestsWithAccessTokens(1, 0, 0).refusedNoAccessToken();
	}

	@Test
	void serveThenTheResourceAnswersWithIt() throws IOException {
		this.server.serve("/items/7", "application/json", "{\"id\":7}");
		HttpResponse<String> response = this.http.resource("Authorization", "bearer " + accessToken());
		assertThat(response.body()).isEqualTo("{\"id\":7}");
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
		assertThat(this.http.resource().statusCode()).isEqualTo(401);
	}

	@Test
	void resourceThenItsRequestsHaveTheirBodies() throws IOException {
		List<String> authorization = List.of("Authorization", "Bearer " + accessToken());
		Http.post(this.server.resourceUri() + "/items", "name=\u20ac&n=1", authorization);
		assertThat(this.http.resource(authorization.toArray(String[]::new)).statusCode()).isEqualTo(200);
		assertThat(this.server).requests(Endpoint.RESOURCE)
			.extracting(ReceivedRequest::body)
			.containsExactly("name=\u20ac&n=1", "");
		assertThat(this.server.requests(Endpoint.RESOURCE).get(0).parameters()).isEmpty();
	}

	@Test
	void revocationWhenItIsARefreshTokenThenEndsTheSession() throws IOException {
		String first = this.server.newSession("inventory", "alice");
		String second = this.http.refreshed(first, "refresh_token");
		assertThat(this.http.revoke("made-up").statusCode()).isEqualTo(200);
		assertThat(this.http.revoke(second).statusCode()).isEqualTo(200);
		assertThat(this.http.token("refresh_token", "refresh_token", second).statusCode()).isEqualTo(400);
		assertThat(this.server).endedSessions(1).sawNoReuse().receivedRevocations(2);
	}

	@Test
	void revokeAccessTokensThenSessionsGoOn() throws IOException {
		String first = this.server.newSession("inventory", "alice");
		HttpResponse<String> response = this.http.token("refresh_token", "refresh_token", first);
		this.server.revokeAccessTokens();
		assertThat(this.http.resource("Authorization", "Bearer " + Http.member(response, "access_token")).statusCode())
			.isEqualTo(401);
		assertThat(this.http.refreshed(Http.member(response, "refresh_token"), "access_token")).isNotEmpty();
	}

	@Test
	void withRefreshTokensThenEachGrantBeginsASession() throws IOException {
		this.server.withRefreshTokens().accessTokenLifetime(Duration.ofMinutes(5)).withoutExpiresIn();
		HttpResponse<String> response = this.http.token("client_credentials");
		assertThat(Http.members(response)).doesNotContainKey("expires_in");
		String bearer = "Bearer " + this.http.refreshed(Http.member(response, "refresh_token"), "access_token");
		assertThat(this.http.resource("Authorization", bearer).statusCode()).isEqualTo(200);
		this.time.pass(Duration.ofMinutes(5));
		assertThat(this.http.resource("Authorization", bearer).statusCode()).isEqualTo(401);
	}

	@Test
	void newSessionWhenItHasAScopeThenARefreshMayNarrowItButNotAskForMore() throws IOException {
		String first = this.server.newSession("inventory", "alice", "read write");
		HttpResponse<String> more = this.http.token("refresh_token", "refresh_token", first, "scope", "read admin");
		assertThat(more.statusCode()).isEqualTo(400);
		assertThat(Http.member(more, "error")).isEqualTo("invalid_scope");
		HttpResponse<String> narrowed = this.http.token("refresh_token", "refresh_token", first, "scope", "write");
		assertThat(Http.member(narrowed, "scope")).isEqualTo("write");
		HttpResponse<String> whole = this.http.token("refresh_token", "refresh_token",
				Http.member(narrowed, "refresh_token"));
		assertThat(Http.member(whole, "scope")).isEqualTo("read write");
		assertThat(this.server).sawNoReuse().endedSessions(0);
		assertThat(this.http.token("refresh_token", "refresh_token", first, "scope", "admin").statusCode())
			.isEqualTo(400);
		assertThat(this.server).reusedRefreshTokens(1).endedSessions(1);
	}

	@Test
	void requestsThenSayOnWhoseBehalfTheyAre() throws IOException {
		String ofAlice = this.http.refreshed(this.server.newSession("inventory", "alice"), "access_token");
		String own = accessToken();
		this.http.resource("Authorization", "Bearer " + own);
		this.http.resource("Authorization", "Bearer " + ofAlice);
		this.http.resource();
		assertThat(this.server).requests(Endpoint.TOKEN)
			.extracting(ReceivedRequest::subject)
			.containsExactly("alice", "inventory");
		assertThat(this.server).requests(Endpoint.RESOURCE)
			.extracting(ReceivedRequest::subject)
			.containsExactly("inventory", "alice", null);
	}

	@Test
	void accessTokenNumberThenIsThatOfTheToken() throws IOException {
		String first = accessToken();
		String second = accessToken();
		assertThat(this.server.accessTokenNumber(second)).isEqualTo(2);
		assertThat(this.server.accessTokenNumber(first)).isEqualTo(1);
		assertThat(this.server.accessTokenNumber(this.server.userToken("alice"))).isZero();
		assertThat(this.server.accessTokenNumber("made-up")).isZero();
	}

	@Test
	void otherPathsAndMethodsThenAreNotThere() throws IOException {
		assertThat(this.http.get(this.server.issuer() + "/elsewhere").statusCode()).isEqualTo(404);
		assertThat(this.http.get(this.server.issuer() + "/apiary").statusCode()).isEqualTo(404);
		assertThat(this.http.get(this.server.tokenUri()).statusCode()).isEqualTo(405);
		assertThat(this.http.get(this.server.revocationUri()).statusCode()).isEqualTo(405);
	}

}
