package io.github.evertoken.security;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Fault;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.security.oauth2.client.AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientProviderBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AuthorizedClientManagerTokenIssuer}, with Spring Security's manager
 * over HTTP.
 */
class AuthorizedClientManagerTokenIssuerTests {

	private static final TokenKey OWN = TokenKey.of("orders");

	private static final TokenKey ALICE = TokenKey.of("orders", "alice");

	private final LoginFixture fixture = new LoginFixture();

	private final AuthorizationServer server = this.fixture.server;

	@AfterEach
	void stopServer() {
		this.fixture.close();
	}

	@Test
	void issueWhenTheManagerHoldsAValidTokenThenObtainsAnotherOne() {
		TokenSet first = issue(LoginFixture.SERVICE, OWN, null);
		TokenSet second = issue(LoginFixture.SERVICE, OWN, null);
		assertThat(this.server.accessTokenNumber(accessToken(first))).isEqualTo(1);
		assertThat(this.server.accessTokenNumber(accessToken(second))).isEqualTo(2);
		assertThat(second.expiresIn()).hasHours(1);
		assertThat(saved(LoginFixture.SERVICE, "evertoken:orders").getAccessToken().getTokenValue())
			.isEqualTo(second.accessToken());
	}

	@Test
	@Tag("FP-5")
	void issueWhenSubjectHasLoggedInThenRefreshesAndLeavesTheNextRefreshTokenWithTheAuthorizedClient() {
		this.fixture.save(this.fixture.login("alice", "at", this.server.newSession("orders", "alice")));
		TokenSet first = issue(LoginFixture.USERS, ALICE, null);
		assertThat(savedRefreshToken()).isEqualTo(first.refreshToken());
		TokenSet second = issue(LoginFixture.USERS, ALICE, first.refreshToken());
		assertThat(savedRefreshToken()).isEqualTo(second.refreshToken()).isNotEqualTo(first.refreshToken());
		assertThat(this.server).receivedTokenRequests("refresh_token", 2).sawNoReuse();
	}

	@Test
	void issueWhenAnotherOneHasRotatedTheRefreshTokenThenUsesTheNewOne() {
		this.fixture.save(this.fixture.login("alice", "at", this.server.newSession("orders", "alice")));
		TokenSet tokens = issue(LoginFixture.USERS, ALICE, "used up by somebody else");
		assertThat(this.server.accessTokenNumber(accessToken(tokens))).isEqualTo(1);
	}

	@Test
	void issueWhenOnlyTheKeyHasARefreshTokenThenUsesIt() {
		TokenSet tokens = issue(LoginFixture.USERS, ALICE, this.server.newSession("orders", "alice"));
		assertThat(this.server.accessTokenNumber(accessToken(tokens))).isEqualTo(1);
	}

	@Test
	@Tag("RJ-3")
	void issueWhenTheServerIsDownThenTheAuthorizedClientKeepsItsRefreshToken() {
		this.fixture.save(this.fixture.login("alice", "at", this.server.newSession("orders", "alice")));
		this.server.disturb(Fault.status(503));
		fails(LoginFixture.USERS, ALICE, TransientTokenException.class);
		assertThat(saved(LoginFixture.USERS, "alice").getAccessToken().getTokenValue()).isEqualTo("at");
		this.server.recover();
		assertThat(issue(LoginFixture.USERS, ALICE, null).refreshToken()).isNotNull();
	}

	@Test
	void issueWhenTheServerIsNotReachedThenIsTransientAndSaysHow() {
		this.server.close();
		TransientTokenException failure = fails(LoginFixture.SERVICE, OWN, TransientTokenException.class);
		assertThat(failure.reason()).contains("Connection refused");
	}

	@Test
	@Tag("FP-1")
	void issueWhenTheRefreshTokenIsRefusedThenRequiresReauthentication() {
		this.fixture.save(this.fixture.login("alice", "at", this.server.newSession("orders", "alice")));
		this.server.endSessions();
		ReauthenticationRequiredException failure = fails(LoginFixture.USERS, ALICE,
				ReauthenticationRequiredException.class);
		assertThat(failure.error()).isEqualTo("invalid_grant");
		assertThat(failure.subject()).isEqualTo("alice");
	}

	@Test
	void issueWhenNobodyHasLoggedInThenRequiresReauthentication() {
		fails(LoginFixture.USERS, ALICE, ReauthenticationRequiredException.class);
		assertThat(this.server).receivedNoTokenRequest();
	}

	@Test
	void issueWhenTheLoginLeftNoRefreshTokenThenRequiresReauthentication() {
		this.fixture.save(this.fixture.login("alice", "at", null));
		fails(LoginFixture.USERS, ALICE, ReauthenticationRequiredException.class);
		assertThat(this.server).receivedNoTokenRequest();
	}

	@Test
	void issueWhenTheServiceIsGrantedATokenThenNoSubjectGetsIt() {
		fails(LoginFixture.SERVICE, ALICE, ReauthenticationRequiredException.class);
		assertThat(this.server).receivedNoTokenRequest();
	}

	@Test
	void issueWhenAUserIsNamedAfterTheClientThenTheServiceDoesNotGetHerToken() {
		this.fixture.save(this.fixture.login("orders", "at", this.server.newSession("orders", "orders")));
		fails(LoginFixture.USERS, OWN, ReauthenticationRequiredException.class);
		assertThat(this.server).receivedNoTokenRequest();
	}

	@Test
	@Tag("FP-1")
	@Tag("SE-2")
	void issueWhenTheClientIsRefusedThenSaysSoWithoutASecret() {
		String refreshToken = this.server.newSession("orders", "alice");
		this.fixture.save(this.fixture.login("alice", "planted-access", refreshToken));
		this.server.disturb(Fault.answer(401, "application/json",
				"{\"error\":\"invalid_client\",\"error_description\":\"no %s %s %s please\"}".formatted(refreshToken,
						this.server.clientSecret("orders"), "planted-access")));
		TokenRefusedException failure = fails(LoginFixture.USERS, ALICE, TokenRefusedException.class);
		assertThat(failure.error()).isEqualTo("invalid_client");
		assertThat(failure.errorDescription()).isEqualTo("no *** *** *** please");
		assertThat(failure).hasNoCause();
	}

	@Test
	@Tag("SE-3")
	void issueWhenTheAccessTokenIsNoHeaderValueThenIsRefusedWithoutRepeatingIt() {
		this.server.disturb(Fault.answer(200, "application/json",
				"{\"access_token\":\"planted\\r\\ntoken\",\"token_type\":\"Bearer\"}"));
		TokenRefusedException failure = fails(LoginFixture.SERVICE, OWN, TokenRefusedException.class);
		assertThat(failure.getMessage()).doesNotContain("planted");
	}

	@Test
	void issueWhenTheAnswerTakesItsTimeThenTheLifetimeCountsFromTheRequest() {
		this.server.disturb(Fault.slow(Duration.ofMillis(50)));
		TokenSet tokens = issue(LoginFixture.SERVICE, OWN, null);
		assertThat(tokens.obtainedAt())
			.isBefore(saved(LoginFixture.SERVICE, "evertoken:orders").getAccessToken().getIssuedAt());
	}

	@Test
	@Tag("RN-2")
	void issueWhenTheResponseNamesNoLifetimeThenNamesNoneEither() {
		this.server.withoutExpiresIn();
		assertThat(issue(LoginFixture.SERVICE, OWN, null).expiresIn()).isNull();
	}

	@Test
	void issueWhenTheRegistrationIsNotThereThenIsRefused() {
		TokenRefusedException failure = fails("nobody", OWN, TokenRefusedException.class);
		assertThat(failure.reason()).contains("'nobody'");
	}

	@Test
	void issueWhenTheManagerCannotServeTheRegistrationThenIsRefused() {
		StepVerifier
			.create(issuer(withProvider((context) -> Mono.empty()), LoginFixture.SERVICE)
				.issue(new TokenRequest(OWN, Trigger.USE, null)))
			.verifyError(TokenRefusedException.class);
	}

	@Test
	void issueWhenTheManagerCannotRefreshThenIsRefusedAndNobodyHasToLogIn() {
		this.fixture.save(this.fixture.login("alice", "at", this.server.newSession("orders", "alice")));
		StepVerifier
			.create(issuer(
					withProvider(ReactiveOAuth2AuthorizedClientProviderBuilder.builder().clientCredentials().build()),
					LoginFixture.USERS)
				.issue(new TokenRequest(ALICE, Trigger.USE, null)))
			.verifyErrorSatisfies((ex) -> assertThat(ex).isInstanceOf(TokenRefusedException.class)
				.hasMessageContaining("cannot refresh"));
	}

	@Test
	void issueWhenTheManagerAsksForALoginThenRequiresReauthentication() {
		StepVerifier
			.create(issuer(
					withProvider(ReactiveOAuth2AuthorizedClientProviderBuilder.builder().authorizationCode().build()),
					LoginFixture.USERS)
				.issue(new TokenRequest(ALICE, Trigger.USE, null)))
			.verifyError(ReauthenticationRequiredException.class);
	}

	private ReactiveOAuth2AuthorizedClientManager withProvider(ReactiveOAuth2AuthorizedClientProvider provider) {
		AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager manager = this.fixture
			.manager(this.fixture.authorizedClients);
		manager.setAuthorizedClientProvider(provider);
		return manager;
	}

	@Test
	void issueWhenARequestVariesTheTokenThenIsRefused() {
		fails(LoginFixture.SERVICE, OWN.withParameters(TokenParameters.builder().scope(List.of("more")).build()),
				TokenRefusedException.class);
		fails(LoginFixture.USERS, TokenKey.onBehalfOf("orders", "inbound"), TokenRefusedException.class);
		assertThat(this.server).receivedNoTokenRequest();
	}

	private AuthorizedClientManagerTokenIssuer issuer(ReactiveOAuth2AuthorizedClientManager manager,
			String registrationId) {
		return new AuthorizedClientManagerTokenIssuer(manager, this.fixture.authorizedClients,
				this.fixture.registrations, registrationId);
	}

	private Mono<TokenSet> issuing(String registrationId, TokenKey key, @Nullable String refreshToken) {
		return issuer(this.fixture.manager(this.fixture.authorizedClients), registrationId)
			.issue(new TokenRequest(key, Trigger.USE, refreshToken));
	}

	private TokenSet issue(String registrationId, TokenKey key, @Nullable String refreshToken) {
		return Objects.requireNonNull(issuing(registrationId, key, refreshToken).block(LoginFixture.TIMEOUT));
	}

	private <E extends Throwable> E fails(String registrationId, TokenKey key, Class<E> type) {
		Throwable[] failure = new Throwable[1];
		StepVerifier.create(issuing(registrationId, key, null))
			.expectErrorSatisfies((ex) -> failure[0] = ex)
			.verify(LoginFixture.TIMEOUT);
		assertThat(failure[0]).isInstanceOf(type);
		return type.cast(failure[0]);
	}

	private OAuth2AuthorizedClient saved(String registrationId, String name) {
		return Objects.requireNonNull(this.fixture.saved(registrationId, name));
	}

	private String savedRefreshToken() {
		return Objects.requireNonNull(saved(LoginFixture.USERS, "alice").getRefreshToken()).getTokenValue();
	}

	private static String accessToken(TokenSet tokens) {
		return Objects.requireNonNull(tokens.accessToken());
	}

}
