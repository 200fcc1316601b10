package io.github.evertoken.security;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.StepVerifier;

import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AuthorizedClientTokenStore}.
 */
class AuthorizedClientTokenStoreTests {

	private static final TokenKey ALICE = TokenKey.of("orders", "alice");

	private static final Instant OBTAINED_AT = Instant.parse("2026-11-23T10:00:00Z");

	private final LoginFixture fixture = new LoginFixture();

	private final AuthorizedClientTokenStore store = new AuthorizedClientTokenStore(this.fixture.authorizedClients,
			this.fixture.registrations, LoginFixture.USERS);

	@AfterEach
	void stopServer() {
		this.fixture.close();
	}

	@Test
	void loadWhenSubjectHasLoggedInThenIsTheTokenSetOfTheLogin() {
		OAuth2AuthorizedClient login = this.fixture.login("alice", "at-1", "rt-1");
		this.fixture.save(login);
		TokenSet tokens = Objects.requireNonNull(this.store.load(ALICE).block(LoginFixture.TIMEOUT));
		assertThat(tokens.accessToken()).isEqualTo("at-1");
		assertThat(tokens.refreshToken()).isEqualTo("rt-1");
		assertThat(tokens.tokenType()).isEqualTo("Bearer");
		assertThat(tokens.obtainedAt()).isEqualTo(login.getAccessToken().getIssuedAt());
		assertThat(tokens.expiresIn()).hasHours(1);
	}

	@Test
	void loadWhenAnotherSubjectHasLoggedInThenIsEmpty() {
		this.fixture.save(this.fixture.login("bob", "at-1", "rt-1"));
		StepVerifier.create(this.store.load(ALICE)).verifyComplete();
	}

	@Test
	void saveWhenTokenSetWasRenewedThenTheAuthorizedClientHasItWithTheScopeOfTheLogin() {
		this.fixture.save(this.fixture.login("alice", "at-1", "rt-1"));
		this.store.save(ALICE, tokens("at-2", "rt-2").build()).block(LoginFixture.TIMEOUT);
		OAuth2AuthorizedClient saved = saved();
		assertThat(saved.getAccessToken().getTokenValue()).isEqualTo("at-2");
		assertThat(saved.getAccessToken().getIssuedAt()).isEqualTo(OBTAINED_AT);
		assertThat(saved.getAccessToken().getExpiresAt()).isEqualTo(OBTAINED_AT.plusSeconds(600));
		assertThat(saved.getAccessToken().getScopes()).containsExactly("granted");
		assertThat(Objects.requireNonNull(saved.getRefreshToken()).getTokenValue()).isEqualTo("rt-2");
	}

	@Test
	void saveWhenNothingRestsThenTheScopeIsThatOfTheRegistration() {
		this.store.save(ALICE, tokens("at-2", null).build()).block(LoginFixture.TIMEOUT);
		assertThat(saved().getAccessToken().getScopes()).containsExactly("configured");
		assertThat(saved().getRefreshToken()).isNull();
	}

	@Test
	void saveWhenTheSameRestsThenLeavesItAlone() {
		OAuth2AuthorizedClient login = this.fixture.login("alice", "at-1", "rt-1");
		this.fixture.save(login);
		this.store.save(ALICE, tokens("at-1", "rt-1").build()).block(LoginFixture.TIMEOUT);
		assertThat(saved().getAccessToken().getIssuedAt()).isEqualTo(login.getAccessToken().getIssuedAt());
	}

	@Test
	void saveWhenNoLifetimeIsNamedThenItIsUnknownWhenLoadedToo() {
		this.store.save(ALICE, tokens("at-2", "rt-2").expiresIn(null).build()).block(LoginFixture.TIMEOUT);
		assertThat(saved().getAccessToken().getExpiresAt()).isNotNull();
		assertThat(Objects.requireNonNull(this.store.load(ALICE).block(LoginFixture.TIMEOUT)).expiresIn()).isNull();
	}

	@Test
	void saveWhenThereIsNoAccessTokenThenFailsAndLeavesWhatRests() {
		this.fixture.save(this.fixture.login("alice", "at-1", "rt-1"));
		StepVerifier.create(this.store.save(ALICE, TokenSet.withRefreshToken("rt-2").build()))
			.verifyError(IllegalArgumentException.class);
		assertThat(saved().getAccessToken().getTokenValue()).isEqualTo("at-1");
	}

	@Test
	void removeThenForgetsTheAuthorizedClient() {
		this.fixture.save(this.fixture.login("alice", "at-1", "rt-1"));
		this.store.remove(ALICE).block(LoginFixture.TIMEOUT);
		assertThat(this.fixture.saved(LoginFixture.USERS, "alice")).isNull();
	}

	static List<TokenKey> otherKeys() {
		return List.of(TokenKey.of("alice"), TokenKey.onBehalfOf("orders", "inbound"),
				ALICE.withParameters(TokenParameters.builder().scope(List.of("less")).build()));
	}

	@ParameterizedTest
	@MethodSource("otherKeys")
	void whenTheKeyIsNotThatOfALoginThenTouchesNothing(TokenKey key) {
		for (String name : List.of("alice", "evertoken:alice", String.valueOf(key.subject()))) {
			this.fixture.save(this.fixture.login(name, "at-1", "rt-1"));
		}
		StepVerifier.create(this.store.load(key)).verifyComplete();
		StepVerifier.create(this.store.save(key, tokens("at-2", "rt-2").build())).verifyComplete();
		StepVerifier.create(this.store.remove(key)).verifyComplete();
		assertThat(saved().getAccessToken().getTokenValue()).isEqualTo("at-1");
	}

	private static TokenSet.Builder tokens(String accessToken, @org.jspecify.annotations.Nullable String refreshToken) {
		return TokenSet.withAccessToken(accessToken)
			.refreshToken(refreshToken)
			.obtainedAt(OBTAINED_AT)
			.expiresIn(Duration.ofMinutes(10));
	}

	private OAuth2AuthorizedClient saved() {
		return Objects.requireNonNull(this.fixture.saved(LoginFixture.USERS, "alice"));
	}

}
