package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StoredTokens} and {@link LateSave}: what is read before and after the
 * issuer is asked, and what is written, and when.
 */
@Tag("LC-10")
class StoredTokensTests extends LifecycleFixture {

	private int loads;

	private final List<Long> saves = new ArrayList<>();

	private final VersionedMapStore store = new VersionedMapStore() {

		@Override
		public Mono<StoredTokenSet> load(TokenKey key) {
			StoredTokensTests.this.loads++;
			return super.load(key);
		}

		@Override
		public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
			return Mono.defer(() -> {
				StoredTokensTests.this.saves.add(StoredTokensTests.this.time.now(TimeUnit.MILLISECONDS));
				return super.save(key, expected, tokenSet);
			});
		}

	};

	@BeforeEach
	void rest() {
		use(this.store, (settings) -> settings.patience(Duration.ZERO));
	}

	@Test
	void obtainWhenTheKeyKnowsThatItHasNoRefreshTokenThenTheStoreIsNotRead() {
		put(ALICE, TokenSet.withAccessToken("a").expiresIn(Duration.ofSeconds(10)).build());
		this.loads = 0;
		advance(Duration.ofSeconds(10));
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(this.loads).isZero();
		put(ALICE, refreshable("r1"));
		this.loads = 0;
		assertThat(token(ALICE)).isEqualTo("t2");
		assertThat(this.loads).isEqualTo(1);
	}

	@Test
	@Tag("LC-8")
	void obtainWhenTheStoreIsSlowAndTheKeyLivesOnItThenIsWaitedFor() {
		write(3, refreshable("r3"));
		this.store.loading = (step) -> step.delaySubscription(Duration.ofMillis(400), this.time);
		this.issuer.thenRefuse();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofMillis(399));
		assertThat(refreshTokens()).containsExactly((String) null);
		advance(Duration.ofMillis(1));
		assertThat(valueOf(caller)).isEqualTo("t1");
		assertThat(refreshTokens()).containsExactly(null, "r3");
	}

	@Test
	@Tag("LC-8")
	void obtainWhenTheStoreIsSlowAndEmptyThenSomebodyMustLogIn() {
		this.store.loading = (step) -> step.delaySubscription(Duration.ofMillis(400), this.time);
		this.issuer.thenRefuse().thenRefuse();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofMillis(400));
		assertThat(errorOf(caller)).isInstanceOf(ReauthenticationRequiredException.class);
	}

	@Test
	void obtainWhenTheStoreHasANewerSetThatHasExpiredThenItsRefreshTokenIsRedeemed() {
		put(ALICE, refreshable("r1"));
		write(7, TokenSet.withAccessToken("old").refreshToken("r7").obtainedAt(Instant.EPOCH).build());
		advance(Duration.ofMinutes(10));
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(refreshTokens()).containsExactly("r7");
	}

	@Test
	void obtainWhenTheStoreHasAUsableSetThenItsVersionIsTheGeneration() {
		write(7, TokenSet.withAccessToken("kept").obtainedAt(Instant.EPOCH).build());
		assertThat(token(ALICE)).isEqualTo("kept");
		assertThat(lifecycle(ALICE).state().generation()).isEqualTo(7);
		assertThat(this.issuer.calls()).isZero();
	}

	@Test
	void obtainWhenTheStoreHasAnOlderSetThenWhatTheKeyKnowsCounts() {
		write(7, refreshable("r7"));
		put(ALICE, refreshable("r8"));
		write(3, refreshable("r3"));
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(refreshTokens()).containsExactly("r8");
	}

	@Test
	void obtainWhenItFailsAfterTheStoreWasReadThenTheKeyKnowsWhatWasRead() {
		write(7, refreshable("r7"));
		this.issuer.thenFail(new IOException("reset"));
		assertThat(errorOf(caller(ALICE))).isInstanceOf(TransientTokenException.class);
		assertThat(lifecycle(ALICE).state().generation()).isEqualTo(7);
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r7");
	}

	@Test
	void obtainWhenTheRefusedTokenRestsThereStillThenIsNotSentAgain() {
		put(ALICE, refreshable("r1"));
		this.issuer.then((request) -> {
			write(7, refreshable("r1"));
			return refused(request);
		}).thenRefuse();
		assertThat(errorOf(caller(ALICE))).isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(refreshTokens()).containsExactly("r1", null);
	}

	@Test
	void obtainWhenTheRecordWasRemovedDuringTheRefusalThenNothingElseIsSent() {
		put(ALICE, refreshable("r1"));
		this.issuer.then((request) -> {
			this.store.write(StoredTokenSet.removed(ALICE, 7));
			return refused(request);
		}).thenRefuse();
		assertThat(errorOf(caller(ALICE))).isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(refreshTokens()).containsExactly("r1", null);
	}

	@Test
	void obtainWhenEveryNewerOneIsRefusedTooThenReadingHasAnEnd() {
		put(ALICE, refreshable("r1"));
		for (int i = 2; i < 20; i++) {
			int version = i;
			this.issuer.then((request) -> {
				write(version, refreshable("r" + version));
				return refused(request);
			});
		}
		assertThat(errorOf(caller(ALICE))).isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(refreshTokens()).containsExactly("r1", "r2", "r3", "r4", null);
	}

	@Test
	@Tag("LC-8")
	void obtainWhenTheStoreFailsAfterTheRefusalThenNobodyMustLogIn() {
		put(ALICE, refreshable("r1"));
		this.issuer.then((request) -> {
			this.store.loading = (step) -> Mono.error(new IOException("broken"));
			return refused(request);
		});
		assertThat(errorOf(caller(ALICE))).isInstanceOf(TransientTokenException.class)
			.hasMessageContaining("the token store cannot be read");
	}

	@Test
	@Tag("LC-9")
	void saveWhenSomebodyElseHasPutAUsableSetThenThatIsGiven() {
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		write(7, TokenSet.withAccessToken("theirs")
			.refreshToken("r7")
			.obtainedAt(Instant.EPOCH)
			.expiresIn(Duration.ofHours(1))
			.build());
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		advance(Duration.ZERO);
		assertThat(valueOf(caller)).isEqualTo("theirs");
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r7");
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r7");
	}

	@Test
	@Tag("LC-9")
	void saveWhenTheRedeemedTokenComesBackEachTimeThenTheSetServesAndTryingHasAnEnd() {
		put(ALICE, refreshable("r1"));
		this.saves.clear();
		int[] version = { 10 };
		this.store.saving = (step) -> Mono
			.just(SaveResult.conflict(StoredTokenSet.of(ALICE, version[0]++, refreshable("r1"))));
		this.issuer.then(Mono.just(this.issuer.nextToken().refreshToken("r2").build()));
		this.issuer.then(Mono.never());
		caller(ALICE);
		assertThat(this.saves).hasSize(4);
	}

	@Test
	@Tag("LC-9")
	void saveWhenTheStoreIsAwayThenIsTriedAgainWithGrowingPauses() {
		put(ALICE, refreshable("r1"));
		this.saves.clear();
		this.store.saving = (step) -> Mono.error(new IOException("read only"));
		this.issuer.then(Mono.just(this.issuer.nextToken().refreshToken("r2").build()));
		assertThat(token(ALICE)).isEqualTo("t1");
		advance(Duration.ofSeconds(1));
		// Half of 50 ms, doubled each time, and half of the rest at random.
		assertThat(this.saves).containsExactly(0L, 0L, 38L, 113L, 263L, 563L);
		this.store.saving = (step) -> step;
		advance(Duration.ofSeconds(1));
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r2");
		assertThat(lifecycle(ALICE).state().conditions().unsaved()).isNull();
		assertThat(lifecycle(ALICE).state().generation()).isEqualTo(this.store.version(ALICE));
		int before = this.saves.size();
		advance(Duration.ofSeconds(10));
		assertThat(this.saves).hasSize(before);
	}

	@Test
	@Tag("LC-9")
	void saveWhenItIsSupersededMeanwhileThenIsNotTriedAgain() {
		put(ALICE, refreshable("r1"));
		this.store.saving = (step) -> Mono.error(new IOException("read only"));
		this.issuer.then(Mono.just(this.issuer.nextToken().refreshToken("r2").build()));
		assertThat(token(ALICE)).isEqualTo("t1");
		complete(this.manager.remove(ALICE));
		this.saves.clear();
		advance(Duration.ofSeconds(10));
		assertThat(this.saves).isEmpty();
	}

	@Test
	@Tag("LC-9")
	void saveWhenSomebodyElseHasWrittenByThenThatHasTheLastWord() {
		put(ALICE, refreshable("r1"));
		this.store.saving = (step) -> Mono.error(new IOException("read only"));
		this.issuer.then(Mono.just(this.issuer.nextToken().refreshToken("r2").build()));
		assertThat(token(ALICE)).isEqualTo("t1");
		write(7, refreshable("r7"));
		this.store.saving = (step) -> step;
		advance(Duration.ofSeconds(1));
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r7");
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r7");
	}

	@Test
	@Tag("FP-5")
	void saveWhenTheSetHasNoRefreshTokenThenNobodyWaitsForIt() {
		Sinks.One<SaveResult> saved = Sinks.one();
		this.store.saving = (step) -> saved.asMono().then(step);
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(lifecycle(ALICE).state().conditions().unsaved()).isNotNull();
		saved.tryEmitEmpty();
		assertThat(lifecycle(ALICE).state().conditions().unsaved()).isNull();
		assertThat(this.store.rests(ALICE)).isNotNull();
	}

	@Test
	void longestSaveThenIsThatOfEveryTryWithItsSecondStep() {
		assertThat(StoredTokens.longestSave(lifecycle(ALICE).client().settings())).isEqualTo(4000);
	}

	private void write(long version, TokenSet tokens) {
		this.store.write(StoredTokenSet.of(ALICE, version, tokens));
	}

	private List<@Nullable String> refreshTokens() {
		List<@Nullable String> sent = new ArrayList<>();
		this.issuer.requests().forEach((request) -> sent.add(request.refreshToken()));
		return sent;
	}

	private static Mono<TokenSet> refused(TokenRequest request) {
		return Mono.error(new ReauthenticationRequiredException(request.key(), "refused", "invalid_grant", null, null));
	}

}
