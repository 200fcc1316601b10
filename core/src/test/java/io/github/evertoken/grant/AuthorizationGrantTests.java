package io.github.evertoken.grant;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.test.support.TestWebClients;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the grants of {@link AuthorizationGrant}, over HTTP.
 */
class AuthorizationGrantTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final URI ACCESS_TOKEN = URI.create("urn:ietf:params:oauth:token-type:access_token");

	private static final URI JWT = URI.create("urn:ietf:params:oauth:token-type:jwt");

	private static final TokenKey ON_BEHALF = TokenKey.onBehalfOf("inventory", "inbound+1");

	@StartStop
	private final MockWebServer server = new MockWebServer();

	@Test
	void jwtBearerThenSendsTheAssertion() {
		MultiValueMap<String, String> form = send(issuer(AuthorizationGrant.jwtBearer(SecurityTokenSource.ofKey())),
				ON_BEHALF);
		assertThat(form).containsEntry("grant_type", List.of("urn:ietf:params:oauth:grant-type:jwt-bearer"))
			.containsEntry("assertion", List.of("inbound+1"))
			.hasSize(2);
	}

	@Test
	void tokenExchangeThenSendsTheSubjectToken() {
		AuthorizationGrant grant = AuthorizationGrant.tokenExchange(SecurityTokenSource.ofKey(), ACCESS_TOKEN);
		MultiValueMap<String, String> form = send(issuer(grant), ON_BEHALF);
		assertThat(form).containsEntry("grant_type", List.of("urn:ietf:params:oauth:grant-type:token-exchange"))
			.containsEntry("subject_token", List.of("inbound+1"))
			.containsEntry("subject_token_type", List.of(ACCESS_TOKEN.toString()))
			.hasSize(3);
	}

	@Test
	void tokenExchangeWhenThereIsAnActorThenSendsItsTokenToo() {
		AuthorizationGrant grant = AuthorizationGrant.tokenExchange(SecurityTokenSource.ofKey(), ACCESS_TOKEN,
				(request) -> Mono.just("actor"), JWT);
		MultiValueMap<String, String> form = send(issuer(grant), ON_BEHALF);
		assertThat(form).containsEntry("subject_token", List.of("inbound+1"))
			.containsEntry("actor_token", List.of("actor"))
			.containsEntry("actor_token_type", List.of(JWT.toString()))
			.hasSize(5);
	}

	@ParameterizedTest
	@CsvSource({ "invalid_grant,", "invalid_token,Session not found", "invalid_request,Invalid token",
			"invalid_request,The subject_token is not valid", "invalid_request,Invalid subject_token",
			"invalid_request,Actor_token has expired", "invalid_request,subject_token validation failure",
			"invalid_request,Token: revoked", "interaction_required," })
	@Tag("FP-1")
	void tokenExchangeWhenTheTokenThatIsShownIsRefusedThenSomebodyMustLogInAgain(String error,
			@Nullable String description) {
		AuthorizationGrant grant = AuthorizationGrant.tokenExchange(SecurityTokenSource.ofKey(), ACCESS_TOKEN);
		assertThat(failure(issuer(grant), ON_BEHALF, null, error, description))
			.isInstanceOf(ReauthenticationRequiredException.class)
			.hasMessageContaining(error)
			.hasMessageNotContaining("inbound");
	}

	@ParameterizedTest
	@CsvSource({ "invalid_request,", "invalid_request,Standard token exchange is not enabled for the requested client",
			"invalid_request,Parameter 'subject_token' required for standard token exchange",
			"invalid_request,Invalid subject_token_type", "invalid_request,Invalid token type",
			"invalid_request,requested_token_type unsupported", "invalid_request,Audience not found",
			"access_denied,Client is not within the token audience", "invalid_scope,Invalid scopes: a",
			"invalid_client,Invalid token" })
	@Tag("FP-1")
	void tokenExchangeWhenItIsNotAboutTheTokenThenNoLogInCanHelp(String error, @Nullable String description) {
		AuthorizationGrant grant = AuthorizationGrant.tokenExchange(SecurityTokenSource.ofKey(), ACCESS_TOKEN);
		assertThat(failure(issuer(grant), ON_BEHALF, null, error, description))
			.isInstanceOf(TokenRefusedException.class);
	}

	@Test
	@Tag("FP-1")
	void tokenExchangeWhenARefreshIsAnInvalidRequestThenNoLogInCanHelp() {
		AuthorizationGrant grant = AuthorizationGrant.tokenExchange(SecurityTokenSource.ofKey(), ACCESS_TOKEN);
		assertThat(failure(issuer(grant), ON_BEHALF, "r1", "invalid_request", "Invalid token"))
			.isInstanceOf(TokenRefusedException.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "invalid_grant", "interaction_required", "consent_required" })
	@DisplayName("FP-1: a service is not a user: what it grants itself is refused, and nobody has to log in")
	@Tag("FP-1")
	void issueWhenTheServicesOwnGrantIsRefusedThenNobodyHasToLogIn(String error) {
		TokenKey own = TokenKey.of("inventory");
		for (AuthorizationGrant grant : List.of(AuthorizationGrant.clientCredentials(),
				AuthorizationGrant.jwtBearer((request) -> Mono.just("jwt")),
				AuthorizationGrant.tokenExchange((request) -> Mono.just("file"), JWT))) {
			assertThat(failure(issuer(grant), own, null, error, "Clock off")).isInstanceOf(TokenRefusedException.class)
				.hasMessageContaining(error);
		}
		assertThat(failure(issuer(AuthorizationGrant.clientCredentials()), own, "r1", error, null))
			.isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(failure(issuer(AuthorizationGrant.jwtBearer((request) -> Mono.just("jwt"))),
				TokenKey.of("inventory", "alice"), null, error, null))
			.isInstanceOf(ReauthenticationRequiredException.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "invalid_target", "invalid_authorization_details" })
	@Tag("FP-1")
	void issueWhenWhatIsAskedForCannotBeThenItIsRefused(String error) {
		assertThat(failure(issuer(AuthorizationGrant.clientCredentials()), TokenKey.of("inventory"), null, error, null))
			.isInstanceOf(TokenRefusedException.class);
	}

	@Test
	void ofKeyWhenKeyHasNoSubjectTokenThenNobodyIsAsked() {
		AuthorizationGrant grant = AuthorizationGrant.jwtBearer(SecurityTokenSource.ofKey());
		StepVerifier.create(issuer(grant).issue(request(TokenKey.of("inventory", "alice"), null)))
			.expectErrorSatisfies((ex) -> assertThat(ex).isInstanceOf(ReauthenticationRequiredException.class)
				.hasMessageContaining("no subject token"))
			.verify(TIMEOUT);
		assertThat(this.server.getRequestCount()).isZero();
	}

	@Test
	void issueWhenKeyHasParametersThenTheyReplaceTheConfiguredOnes() throws InterruptedException {
		OAuth2TokenIssuer issuer = builder(AuthorizationGrant.clientCredentials())
			.parameters(TokenParameters.builder()
				.scope(List.of("read"))
				.audience(List.of("stock"))
				.header("x-tenant", "1")
				.build())
			.build();
		TokenKey key = TokenKey.of("inventory")
			.withParameters(TokenParameters.builder()
				.scope(List.of("write"))
				.resource(List.of(URI.create("https://a.example"), URI.create("https://b.example")))
				.header("x-tenant", "2")
				.build());
		answer("{\"access_token\":\"t\"}");
		issuer.issue(request(key, null)).block(TIMEOUT);
		RecordedRequest sent = this.server.takeRequest(1, TimeUnit.MINUTES);
		assertThat(form(sent)).containsEntry("scope", List.of("write"))
			.containsEntry("audience", List.of("stock"))
			.containsEntry("resource", List.of("https://a.example", "https://b.example"));
		assertThat(sent.getHeaders().values("x-tenant")).containsExactly("2");
	}

	@Test
	void issueWhenRefreshingThenKeepsTheGrantedScopeAndSendsTheRest() {
		TokenKey key = TokenKey.of("inventory")
			.withParameters(TokenParameters.builder().scope(List.of("write")).audience(List.of("stock")).build());
		answer("{\"access_token\":\"t\"}");
		issuer(AuthorizationGrant.clientCredentials()).issue(request(key, "r1")).block(TIMEOUT);
		assertThat(sentForm()).containsEntry("grant_type", List.of("refresh_token"))
			.containsEntry("audience", List.of("stock"))
			.doesNotContainKey("scope");
	}

	private MultiValueMap<String, String> send(OAuth2TokenIssuer issuer, TokenKey key) {
		answer("{\"access_token\":\"t\"}");
		issuer.issue(request(key, null)).block(TIMEOUT);
		return sentForm();
	}

	private Throwable failure(OAuth2TokenIssuer issuer, TokenKey key, @Nullable String refreshToken, String error,
			@Nullable String description) {
		this.server.enqueue(new MockResponse.Builder().code(400)
			.addHeader("Content-Type", "application/json")
			.body("{\"error\":\"" + error + "\",\"error_description\":"
					+ ((description != null) ? "\"" + description + "\"" : null) + "}")
			.build());
		return issuer.issue(request(key, refreshToken))
			.<Throwable>map((tokens) -> new AssertionError(tokens))
			.onErrorResume(Mono::just)
			.block(TIMEOUT);
	}

	private void answer(String body) {
		this.server
			.enqueue(new MockResponse.Builder().addHeader("Content-Type", "application/json").body(body).build());
	}

	private MultiValueMap<String, String> sentForm() {
		try {
			return form(this.server.takeRequest(1, TimeUnit.MINUTES));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static MultiValueMap<String, String> form(RecordedRequest sent) {
		MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
		for (String pair : sent.getBody().utf8().split("&")) {
			int equals = pair.indexOf('=');
			form.add(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
		}
		return form;
	}

	private OAuth2TokenIssuer issuer(AuthorizationGrant grant) {
		return builder(grant).build();
	}

	private OAuth2TokenIssuer.Builder builder(AuthorizationGrant grant) {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(this.server.url("/token").uri())
			.clientAuthentication(ClientAuthentication.clientSecretBasic("orders", "secret"))
			.grant(grant);
	}

	private static TokenRequest request(TokenKey key, @Nullable String refreshToken) {
		return new TokenRequest(key, Trigger.USE, refreshToken);
	}

}
