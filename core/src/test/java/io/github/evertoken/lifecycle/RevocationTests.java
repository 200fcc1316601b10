package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenRevocationException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.Troubleshooting;
import io.github.evertoken.store.UnversionedTokenStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the revocation of what a key holds.
 */
class RevocationTests implements TokenIssuer {

	private static final TokenKey SERVICE = TokenKey.of("inventory");

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final List<String> revoked = new ArrayList<>();

	private final Map<TokenKey, TokenSet> stored = new ConcurrentHashMap<>();

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.virtualTime(this.time)
		.store(new Store().versioned())
		.client(ClientSettings.of("inventory", this).responseTimeout(Duration.ofSeconds(5)).build())
		.build();

	private Supplier<Mono<Void>> answer = Mono::empty;

	@AfterEach
	void close() {
		this.manager.close();
		this.time.dispose();
	}

	@Override
	public Mono<TokenSet> issue(TokenRequest request) {
		return Mono.just(TokenSet.withAccessToken("issued").expiresIn(Duration.ofHours(1)).build());
	}

	@Override
	public Mono<Void> revoke(TokenKey key, TokenSet tokens) {
		return Mono.defer(() -> {
			assertThat(this.manager.lifecycle(key).usable()).as("a token that is being revoked").isNull();
			this.revoked.add(key.subject() + " " + tokens.accessToken() + " " + tokens.refreshToken());
			return this.answer.get();
		});
	}

	@Test
	void revokeThenForgetsAndTellsTheIssuer() {
		put(ALICE, TokenSet.withAccessToken("a1").refreshToken("r1").build());
		assertThat(revoke(ALICE).isTerminatedComplete()).isTrue();
		assertThat(this.revoked).containsExactly("alice a1 r1");
		assertThat(this.stored).isEmpty();
		assertThat(this.manager.lifecycle(ALICE).usable()).isNull();
	}

	@Test
	void revokeWhenOnlyTheStoreHasTheTokensThenRevokesThem() {
		this.stored.put(ALICE, TokenSet.withRefreshToken("r1").build());
		assertThat(revoke(ALICE).isTerminatedComplete()).isTrue();
		assertThat(this.revoked).containsExactly("alice null r1");
		assertThat(this.stored).isEmpty();
	}

	@Test
	void revokeWhenNothingIsHeldThenTellsNobody() {
		assertThat(revoke(ALICE).isTerminatedComplete()).isTrue();
		put(ALICE, TokenSet.withAccessToken("a1").build());
		revoke(ALICE);
		assertThat(revoke(ALICE).isTerminatedComplete()).isTrue();
		assertThat(this.revoked).containsExactly("alice a1 null");
	}

	@Test
	void revokeWhenServerIsBusyThenTellsItAgainWhenItAsksForThat() {
		put(ALICE, TokenSet.withAccessToken("a1").build());
		this.answer = () -> (this.revoked.size() < 3) ? busy(Duration.ofSeconds(60)) : Mono.empty();
		TestSubscriber<Void> caller = revoke(ALICE);
		this.time.advanceTimeBy(Duration.ofSeconds(59));
		assertThat(this.revoked).hasSize(1);
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(this.revoked).hasSize(2);
		this.time.advanceTimeBy(Duration.ofSeconds(60));
		assertThat(this.revoked).hasSize(3);
		assertThat(caller.isTerminatedComplete()).isTrue();
	}

	@Test
	void revokeWhenServerStaysBusyThenFailsAndHasForgotten() {
		put(ALICE, TokenSet.withAccessToken("a1").build());
		this.answer = () -> busy(Duration.ofHours(1));
		TestSubscriber<Void> caller = revoke(ALICE);
		this.time.advanceTimeBy(Duration.ofMinutes(10));
		assertThat(this.revoked).hasSize(3);
		assertThat(caller.expectTerminalError()).isInstanceOf(TokenRevocationException.class)
			.hasMessage("The tokens of client 'inventory' for subject 'alice' are forgotten here, but could not be"
					+ " revoked: busy" + Troubleshooting.TOKEN_REVOCATION.reference());
		assertThat(this.manager.lifecycle(ALICE).usable()).isNull();
	}

	@Test
	void revokeWhenServerFailsThenTellsItOnce() {
		put(ALICE, TokenSet.withAccessToken("a1").build());
		this.answer = () -> Mono.error(new IOException("down"));
		assertThat(revoke(ALICE).expectTerminalError()).isInstanceOf(TokenRevocationException.class);
		this.time.advanceTimeBy(Duration.ofMinutes(10));
		assertThat(this.revoked).hasSize(1);
	}

	@Test
	void revokeWhenServerHangsThenEndsAfterTheResponseTimeout() {
		put(ALICE, TokenSet.withAccessToken("a1").build());
		this.answer = Mono::never;
		TestSubscriber<Void> caller = revoke(ALICE);
		this.time.advanceTimeBy(Duration.ofSeconds(5));
		assertThat(caller.expectTerminalError()).isInstanceOf(TokenRevocationException.class)
			.hasMessageContaining("response-timeout of 5000 ms");
	}

	@Test
	void revokeAllThenRevokesEveryKeyThoughOneFails() {
		put(SERVICE, TokenSet.withAccessToken("a0").build());
		put(ALICE, TokenSet.withAccessToken("a1").build());
		put(TokenKey.of("inventory", "bob"), TokenSet.withRefreshToken("r2").build());
		this.manager.lifecycle(TokenKey.of("inventory", "carol"));
		this.answer = () -> (this.revoked.size() == 1) ? Mono.error(new IOException("down")) : Mono.empty();
		TestSubscriber<Void> caller = TestSubscriber.create();
		this.manager.revokeAll("inventory").subscribe(caller);
		assertThat(caller.isTerminatedComplete()).isTrue();
		assertThat(this.revoked).containsExactlyInAnyOrder("null a0 null", "alice a1 null", "bob null r2");
	}

	private Mono<Void> busy(Duration retryAfter) {
		return Mono.error(new TransientTokenException(ALICE, "busy", null, null, retryAfter, null));
	}

	private void put(TokenKey key, TokenSet tokens) {
		this.manager.put(key, tokens).block();
	}

	private TestSubscriber<Void> revoke(TokenKey key) {
		TestSubscriber<Void> caller = TestSubscriber.create();
		this.manager.revoke(key).subscribe(caller);
		return caller;
	}

	private final class Store implements UnversionedTokenStore {

		@Override
		public Mono<TokenSet> load(TokenKey key) {
			return Mono.justOrEmpty(RevocationTests.this.stored.get(key));
		}

		@Override
		public Mono<Void> save(TokenKey key, TokenSet tokens) {
			return Mono.fromRunnable(() -> RevocationTests.this.stored.put(key, tokens));
		}

		@Override
		public Mono<Void> remove(TokenKey key) {
			return Mono.fromRunnable(() -> RevocationTests.this.stored.remove(key));
		}

	}

}
