package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what rests in a store that several managers share, at an issuer that rotates
 * refresh tokens and ends the session of one that is redeemed twice.
 */
@Tag("LC-10")
class RestingTokensTests {

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	private static final TokenKey SERVICE = TokenKey.of("inventory");

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final Rotating issuer = new Rotating();

	private final VersionedMapStore store = new VersionedMapStore();

	private final DefaultTokenManager first = manager(null);

	private final DefaultTokenManager second = manager(null);

	@AfterEach
	void close() {
		this.first.close();
		this.second.close();
		this.time.dispose();
	}

	@Test
	void tokenWhenAnotherInstanceHasRedeemedTheRefreshTokenThenItsSetIsTaken() {
		put(this.first, ALICE, this.issuer.login());
		assertThat(token(this.first, ALICE)).isEqualTo("t1");
		assertThat(token(this.second, ALICE)).isEqualTo("t1");
		advance(Duration.ofSeconds(101));
		assertThat(token(this.first, ALICE)).isEqualTo("t2");
		assertThat(token(this.second, ALICE)).isEqualTo("t2");
		advance(Duration.ofSeconds(101));
		assertThat(token(this.second, ALICE)).isEqualTo("t3");
		assertThat(token(this.first, ALICE)).isEqualTo("t3");
		assertThat(this.issuer.reuses).isZero();
	}

	@Test
	void tokenWhenTheManagerWasStartedAnewThenTheSessionLives() {
		put(this.first, ALICE, this.issuer.login());
		assertThat(token(this.first, ALICE)).isEqualTo("t1");
		this.first.close();
		advance(Duration.ofSeconds(101));
		assertThat(token(this.second, ALICE)).isEqualTo("t2");
		assertThat(this.issuer.reuses).isZero();
	}

	@Test
	void tokenWhenTheRefreshTokenIsRefusedAndTheStoreHasANewerSetThenThatIsTaken() {
		put(this.first, ALICE, TokenSet.withRefreshToken("stolen").build());
		this.issuer.beforeRefusal = () -> put(this.second, ALICE, this.issuer.login());
		assertThat(token(this.first, ALICE)).isEqualTo("t1");
		assertThat(this.issuer.refused).isEqualTo(1);
	}

	@Test
	void tokenWhenTheStoredRefreshTokenIsRefusedThenTheConfiguredOneIsTried() {
		put(this.first, SERVICE, TokenSet.withRefreshToken("of-last-year").build());
		String replaced = this.issuer.login().refreshToken();
		try (DefaultTokenManager operated = manager(replaced)) {
			assertThat(token(operated, SERVICE)).isEqualTo("t1");
			assertThat(this.issuer.refused).isEqualTo(1);
		}
	}

	@Test
	@Tag("LC-9")
	void tokenWhenItWasRemovedElsewhereThenTheRefreshTokenIsNotSent() {
		put(this.first, ALICE, this.issuer.login());
		assertThat(token(this.second, ALICE)).isEqualTo("t1");
		this.first.remove(ALICE).block(Duration.ofMinutes(1));
		advance(Duration.ofSeconds(101));
		assertThat(caller(this.second, ALICE).expectTerminalError())
			.isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(this.issuer.refused).isZero();
	}

	private DefaultTokenManager manager(@Nullable String refreshToken) {
		return DefaultTokenManager.builder()
			.virtualTime(this.time)
			.store(this.store)
			.client(ClientSettings.of("inventory", this.issuer).refreshToken(refreshToken).build())
			.build();
	}

	private void put(DefaultTokenManager manager, TokenKey key, TokenSet tokens) {
		TestSubscriber<Void> done = TestSubscriber.create();
		manager.put(key, tokens).subscribe(done);
		assertThat(done.isTerminatedComplete()).isTrue();
	}

	private TestSubscriber<AccessToken> caller(DefaultTokenManager manager, TokenKey key) {
		TestSubscriber<AccessToken> caller = TestSubscriber.create();
		manager.token(key).subscribe(caller);
		advance(Duration.ofMillis(1));
		return caller;
	}

	private String token(DefaultTokenManager manager, TokenKey key) {
		TestSubscriber<AccessToken> caller = caller(manager, key);
		assertThat(caller.getReceivedOnNext()).hasSize(1);
		return caller.getReceivedOnNext().get(0).value();
	}

	private void advance(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

	/**
	 * Rotates, and counts refresh tokens that are redeemed twice.
	 */
	private static final class Rotating implements TokenIssuer {

		private final Map<String, Boolean> refreshTokens = new ConcurrentHashMap<>();

		private int logins;

		private int tokens;

		private int reuses;

		private int refused;

		private Runnable beforeRefusal = () -> {
		};

		TokenSet login() {
			String refreshToken = "login" + ++this.logins;
			this.refreshTokens.put(refreshToken, true);
			return TokenSet.withRefreshToken(refreshToken).obtainedAt(Instant.EPOCH).build();
		}

		@Override
		public Mono<TokenSet> issue(TokenRequest request) {
			return Mono.defer(() -> {
				String refreshToken = request.refreshToken();
				Boolean valid = (refreshToken != null) ? this.refreshTokens.put(refreshToken, false) : null;
				if (Boolean.TRUE.equals(valid)) {
					String next = "r" + ++this.tokens;
					this.refreshTokens.put(next, true);
					return Mono.just(TokenSet.withAccessToken("t" + this.tokens)
						.refreshToken(next)
						.expiresIn(ScriptedIssuer.LIFETIME)
						.build());
				}
				this.reuses += (valid != null) ? 1 : 0;
				if (refreshToken != null) {
					this.refused++;
					this.refreshTokens.remove(refreshToken);
					this.beforeRefusal.run();
				}
				return Mono.error(
						new ReauthenticationRequiredException(request.key(), "refused", "invalid_grant", null, null));
			});
		}

	}

}
