package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.store.UnversionedTokenStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a store that has no versions, and on which writes are on their way that
 * nobody can call back.
 */
class UnversionedStoreTests extends LifecycleFixture {

	private final SlowStore store = new SlowStore();

	@Test
	@Tag("LC-9")
	void removeWhenASaveLandsLateThenHasTheLastWordOverARestartToo() {
		haveASaveOnItsWay(Duration.ofMillis(800));
		TestSubscriber<Void> removed = TestSubscriber.create();
		this.manager.remove(ALICE).subscribe(removed);
		advance(Duration.ofSeconds(1));
		assertThat(removed.isTerminatedComplete()).isTrue();
		assertThat(this.store.kept).isEmpty();
		this.issuer.thenRefuse();
		use(this.store.versioned());
		assertThat(errorOf(caller(ALICE))).isInstanceOf(ReauthenticationRequiredException.class);
	}

	@Test
	@Tag("LC-9")
	void putWhenASaveLandsLateThenHasTheLastWordOverARestartToo() {
		haveASaveOnItsWay(Duration.ofMillis(800));
		TestSubscriber<Void> put = TestSubscriber.create();
		this.manager.put(ALICE, TokenSet.withAccessToken("login").refreshToken("r9").build()).subscribe(put);
		advance(Duration.ofSeconds(1));
		assertThat(put.isTerminatedComplete()).isTrue();
		use(this.store.versioned());
		assertThat(token(ALICE)).isEqualTo("login");
	}

	@Test
	@Tag("LC-9")
	void removeWhenASaveNeverEndsThenFailsAndTheKeyLivesOn() {
		haveASaveOnItsWay(null);
		TestSubscriber<Void> removed = TestSubscriber.create();
		this.manager.remove(ALICE).subscribe(removed);
		advance(Duration.ofSeconds(1));
		assertThat(removed.isTerminatedError()).isTrue();
		assertThat(removed.expectTerminalError()).isInstanceOf(TokenStoreException.class);
		assertThat(token(ALICE)).isEqualTo("t1");
		advance(ScriptedIssuer.LIFETIME);
		TestSubscriber<?> caller = caller(ALICE);
		advance(Duration.ofSeconds(1));
		assertThat(caller.isTerminatedComplete()).isTrue();
		assertThat(token(ALICE)).isEqualTo("t2");
		assertThat(this.issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("r1", "r2");
	}

	@Test
	@Tag("LC-9")
	void saveWhenItLandsLateThenTheStoreAgreesWithTheMemory() {
		haveASaveOnItsWay(Duration.ofMillis(800));
		advance(Duration.ofSeconds(1));
		assertThat(this.store.kept.get(ALICE).refreshToken()).isEqualTo("r2");
		KeyState state = lifecycle(ALICE).state();
		assertThat(state.conditions().unsaved()).isNull();
		assertThat(state.refreshToken()).isEqualTo("r2");
		assertThat(this.store.writes).as("the put, and the save").isEqualTo(2);
	}

	/**
	 * The refresh token has been rotated, and the store takes longer to save the new one
	 * than anybody waits for.
	 * @param landing how long it takes, {@code null} for ever
	 */
	private void haveASaveOnItsWay(@Nullable Duration landing) {
		use(this.store.versioned());
		put(ALICE, refreshable("r1"));
		this.store.landing = landing;
		this.issuer.then(Mono.just(this.issuer.nextToken().refreshToken("r2").build()));
		TestSubscriber<?> caller = caller(ALICE);
		advance(Duration.ofMillis(600));
		assertThat(caller.isTerminatedComplete()).isTrue();
		this.store.landing = Duration.ofMillis(100);
	}

	/**
	 * A write lands when its time has come, whatever becomes of who waits for it.
	 */
	private final class SlowStore implements UnversionedTokenStore {

		private final Map<TokenKey, TokenSet> kept = new ConcurrentHashMap<>();

		private @Nullable Duration landing = Duration.ZERO;

		private int writes;

		@Override
		public Mono<TokenSet> load(TokenKey key) {
			return Mono.fromSupplier(() -> this.kept.get(key));
		}

		@Override
		public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
			return landing(() -> this.kept.put(key, tokenSet));
		}

		@Override
		public Mono<Void> remove(TokenKey key) {
			return landing(() -> this.kept.remove(key));
		}

		private Mono<Void> landing(Runnable write) {
			return Mono.defer(() -> {
				this.writes++;
				Duration landing = this.landing;
				if (landing == null) {
					return Mono.never();
				}
				if (landing.isZero()) {
					return Mono.fromRunnable(write);
				}
				Sinks.Empty<Void> done = Sinks.empty();
				UnversionedStoreTests.this.time.schedule(() -> {
					write.run();
					done.tryEmitEmpty();
				}, landing.toMillis(), TimeUnit.MILLISECONDS);
				return done.asMono();
			});
		}

	}

}
