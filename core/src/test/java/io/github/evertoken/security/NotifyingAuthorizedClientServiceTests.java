package io.github.evertoken.security;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.support.TestWebClients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scenario tests for subjects that log in with Spring Security:
 * {@link NotifyingAuthorizedClientService} and {@link AuthorizedClientTokenStore}
 * together.
 */
class NotifyingAuthorizedClientServiceTests {

	private static final TokenKey ALICE = TokenKey.of("orders", "alice");

	private final LoginFixture fixture = new LoginFixture();

	private final AuthorizationServer server = this.fixture.server;

	private final List<TokenEvent> events = new CopyOnWriteArrayList<>();

	private final DefaultTokenManager manager = manager(tokenEndpoint());

	private final NotifyingAuthorizedClientService service = notifying(this.manager);

	@AfterEach
	void stopServer() {
		this.manager.close();
		this.fixture.close();
	}

	@Test
	void tokenWhenSubjectHasLoggedInBeforeTheManagerWasThereThenIsThatOfTheLogin() {
		this.fixture.save(this.fixture.login("alice", "at-1", "rt-1"));
		assertThat(token(this.manager).headerValue()).isEqualTo("Bearer at-1");
		assertThat(this.server).receivedNoTokenRequest();
	}

	@Test
	@Tag("FP-5")
	void tokenWhenRejectedThenIsRenewedAndSavedBackForSpringSecurity() {
		login("at-1", this.server.newSession("orders", "alice"));
		AccessToken first = token(this.manager);
		assertThat(this.manager.reject(ALICE, first)).isTrue();
		AccessToken second = token(this.manager);
		assertThat(this.server.accessTokenNumber(second.value())).isEqualTo(1);
		OAuth2AuthorizedClient saved = saved();
		assertThat("Bearer " + saved.getAccessToken().getTokenValue()).isEqualTo(second.headerValue());
		assertThat(saved.getRefreshToken()).isNotNull();
	}

	@Test
	void tokenWhenSubjectLogsInAgainThenIsThatOfTheNewLogin() {
		login("at-1", "refused");
		this.manager.reject(ALICE, token(this.manager));
		StepVerifier.create(this.manager.token(ALICE)).verifyError(ReauthenticationRequiredException.class);
		login("at-2", this.server.newSession("orders", "alice"));
		assertThat(token(this.manager).headerValue()).isEqualTo("Bearer at-2");
	}

	@Test
	void tokenWhenSpringSecurityHasRenewedItThenIsThatOne() {
		login("at-1", "rt-1");
		assertThat(token(this.manager).headerValue()).isEqualTo("Bearer at-1");
		login("at-2", "rt-2");
		assertThat(token(this.manager).headerValue()).isEqualTo("Bearer at-2");
	}

	@Test
	void tokenWhenTheAuthorizedClientWasRemovedThenIsGone() {
		login("at-1", "rt-1");
		token(this.manager);
		this.service.removeAuthorizedClient(LoginFixture.USERS, "alice").block(LoginFixture.TIMEOUT);
		StepVerifier.create(this.manager.token(ALICE)).verifyError(ReauthenticationRequiredException.class);
		assertThat(this.fixture.saved(LoginFixture.USERS, "alice")).isNull();
	}

	@Test
	void saveWhenTheRegistrationIsNoClientsThenTellsNobody() {
		NotifyingAuthorizedClientService other = new NotifyingAuthorizedClientService(this.fixture.authorizedClients,
				(id) -> List.of(), () -> this.manager);
		other.saveAuthorizedClient(this.fixture.login("alice", "at-1", null), LoginFixture.principal("alice"))
			.block(LoginFixture.TIMEOUT);
		assertThat(this.events).isEmpty();
		assertThat(saved()).isNotNull();
	}

	@Test
	void saveWhenThePrincipalIsAnonymousThenTellsNobody() {
		this.service
			.saveAuthorizedClient(this.fixture.login("anonymousUser", "at-1", null),
					new AnonymousAuthenticationToken("key", "anonymousUser",
							AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS")))
			.block(LoginFixture.TIMEOUT);
		assertThat(this.events).isEmpty();
		assertThat(this.fixture.saved(LoginFixture.USERS, "anonymousUser")).isNotNull();
	}

	@Test
	void saveWhenTheManagerCannotTakeItThenTheLoginGoesOn() {
		String longName = "a".repeat(2000);
		StepVerifier
			.create(this.service.saveAuthorizedClient(this.fixture.login(longName, "at-1", null),
					LoginFixture.principal(longName)))
			.verifyComplete();
		assertThat(this.fixture.saved(LoginFixture.USERS, longName)).isNotNull();
	}

	@Test
	void saveWhenThereIsNoManagerThenTheLoginGoesOn() {
		NotifyingAuthorizedClientService alone = new NotifyingAuthorizedClientService(this.fixture.authorizedClients,
				(id) -> List.of("orders"), () -> null);
		StepVerifier
			.create(alone.saveAuthorizedClient(this.fixture.login("alice", "at-1", null),
					LoginFixture.principal("alice")))
			.verifyComplete();
	}

	@Test
	@Tag("RJ-1")
	@Tag("FP-5")
	void tokenWhenSpringSecuritysManagerIsTheIssuerThenItsOwnSavingIsNoLogin() {
		DefaultTokenManager[] managers = new DefaultTokenManager[1];
		NotifyingAuthorizedClientService telling = new NotifyingAuthorizedClientService(this.fixture.authorizedClients,
				(id) -> List.of("orders"), () -> managers[0]);
		managers[0] = manager(new AuthorizedClientManagerTokenIssuer(this.fixture.manager(telling),
				this.fixture.authorizedClients, this.fixture.registrations, LoginFixture.USERS));
		try (DefaultTokenManager springs = managers[0]) {
			telling
				.saveAuthorizedClient(this.fixture.login("alice", "at-1", this.server.newSession("orders", "alice")),
						LoginFixture.principal("alice"))
				.block(LoginFixture.TIMEOUT);
			springs.reject(ALICE, token(springs));
			AccessToken second = token(springs);
			assertThat(this.server.accessTokenNumber(second.value())).isEqualTo(1);
			assertThat("Bearer " + saved().getAccessToken().getTokenValue()).isEqualTo(second.headerValue());
			assertThat(springs.lifecycle(ALICE).usable()).isNotNull();
			org.awaitility.Awaitility.await()
				.untilAsserted(() -> assertThat(this.events)
					.filteredOn((event) -> event instanceof TokenEvent.Issued || event instanceof TokenEvent.Reissued)
					.extracting(TokenEvent::trigger)
					.containsExactly(TokenEvent.Trigger.APPLICATION, TokenEvent.Trigger.REJECTION));
		}
	}

	@Test
	void springsManagerWhenEvertokenHasRenewedThenObtainsNothing() {
		login("at-1", this.server.newSession("orders", "alice"));
		this.manager.reject(ALICE, token(this.manager));
		AccessToken renewed = token(this.manager);
		OAuth2AuthorizedClient seen = this.fixture.manager(this.service)
			.authorize(OAuth2AuthorizeRequest.withClientRegistrationId(LoginFixture.USERS)
				.principal(LoginFixture.principal("alice"))
				.build())
			.block(LoginFixture.TIMEOUT);
		assertThat("Bearer " + Objects.requireNonNull(seen).getAccessToken().getTokenValue())
			.isEqualTo(renewed.headerValue());
		assertThat(this.server).receivedTokenRequests(1);
	}

	private TokenIssuer tokenEndpoint() {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(URI.create(this.server.tokenUri()))
			.clientAuthentication(ClientAuthentication.clientSecretBasic("orders", this.server.clientSecret("orders")))
			.grant(AuthorizationGrant.refreshTokenOnly())
			.build();
	}

	private DefaultTokenManager manager(TokenIssuer issuer) {
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("orders", issuer)
				.store(new AuthorizedClientTokenStore(this.fixture.authorizedClients, this.fixture.registrations,
						LoginFixture.USERS)
					.versioned())
				.storeTimeout(Duration.ofSeconds(30))
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofMinutes(1))
				.build())
			.build();
		manager.events().subscribe(this.events::add);
		return manager;
	}

	private NotifyingAuthorizedClientService notifying(DefaultTokenManager manager) {
		return new NotifyingAuthorizedClientService(this.fixture.authorizedClients,
				(id) -> id.equals(LoginFixture.USERS) ? List.of("orders") : List.of(), () -> manager);
	}

	private void login(String accessToken, String refreshToken) {
		this.service
			.saveAuthorizedClient(this.fixture.login("alice", accessToken, refreshToken),
					LoginFixture.principal("alice"))
			.block(LoginFixture.TIMEOUT);
	}

	private static AccessToken token(DefaultTokenManager manager) {
		return Objects.requireNonNull(manager.token(ALICE).block(LoginFixture.TIMEOUT));
	}

	private OAuth2AuthorizedClient saved() {
		return Objects.requireNonNull(this.fixture.saved(LoginFixture.USERS, "alice"));
	}

}
