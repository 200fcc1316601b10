package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StoreSteps}: each has an end, and what a store answers against its
 * contract is not believed.
 */
class StoreStepsTests extends LifecycleFixture {

	private static final TokenSet TOKENS = TokenSet.withAccessToken("t").refreshToken("r").build();

	private final List<Long> expected = new ArrayList<>();

	private final VersionedMapStore store = new VersionedMapStore() {
		@Override
		public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
			return Mono.defer(() -> {
				StoreStepsTests.this.expected.add(expected);
				return super.save(key, expected, tokenSet);
			});
		}
	};

	@Test
	@Tag("LC-8")
	void stepWhenTheStoreHangsThenFailsAfterTheStoreTimeout() {
		this.store.loading = (step) -> Mono.never();
		this.store.saving = (step) -> Mono.never();
		this.store.removing = (step) -> Mono.never();
		for (Mono<?> step : List.of(steps().load(ALICE), steps().save(ALICE, 0, TOKENS), steps().remove(ALICE))) {
			TestSubscriber<Object> caller = TestSubscriber.create();
			step.subscribe(caller);
			advance(Duration.ofMillis(499));
			assertThat(caller.isTerminated()).isFalse();
			advance(Duration.ofMillis(1));
			assertThat(caller.expectTerminalError()).isInstanceOf(TokenStoreException.class)
				.cause()
				.isInstanceOf(TimeoutException.class)
				.hasMessage("No answer within PT0.5S");
		}
	}

	@Test
	@Tag("LC-8")
	void stepWhenTheStoreFailsThenSaysWhatWasTried() {
		this.store.loading = (step) -> Mono.error(new IOException("broken"));
		this.store.saving = (step) -> Mono.error(new IOException("broken"));
		this.store.removing = (step) -> Mono.error(new IOException("broken"));
		assertThat(errorOf(steps().load(ALICE))).hasMessageContaining("loaded from").hasRootCauseMessage("broken");
		assertThat(errorOf(steps().save(ALICE, 0, TOKENS))).hasMessageContaining("saved to");
		assertThat(errorOf(steps().remove(ALICE))).hasMessageContaining("removed from");
	}

	@Test
	@Tag("LC-8")
	void stepWhenTheStoreFailsInItsOwnWordsThenThoseAreKept() {
		TokenStoreException own = new TokenStoreException(ALICE, "decrypted by", null);
		this.store.loading = (step) -> Mono.error(own);
		assertThat(errorOf(steps().load(ALICE))).isSameAs(own);
	}

	@Test
	@Tag("LC-9")
	void saveWhenTheStoreSaysNothingThenIsAFailure() {
		this.store.saving = (step) -> Mono.empty();
		this.store.removing = (step) -> Mono.empty();
		assertThat(errorOf(steps().save(ALICE, 0, TOKENS)))
			.hasRootCauseMessage("The store has not said what became of it");
		assertThat(errorOf(steps().remove(ALICE))).hasRootCauseMessage("The store has not said what became of it");
	}

	@Test
	@Tag("LC-8")
	void loadWhenTheKeyHasASubjectTokenThenItsRecordHasNone() {
		this.store.write(StoredTokenSet.of(ALICE, 3, TOKENS));
		StoredTokenSet stored = valueOf(steps().load(ALICE));
		assertThat(stored.version()).isEqualTo(3);
		this.store.loading = (step) -> Mono.just(StoredTokenSet.of(BOB, 3, TOKENS));
		assertThat(errorOf(steps().load(ALICE))).isInstanceOf(TokenStoreException.class);
	}

	@Test
	@Tag("LC-9")
	void saveWhenTheStoreHasANewerRecordThenIsAConflict() {
		this.store.write(StoredTokenSet.of(ALICE, 7, TOKENS));
		SaveResult result = valueOf(steps().save(ALICE, 3, TOKENS));
		assertThat(result.isSaved()).isFalse();
		assertThat(result.version()).isEqualTo(7);
		assertThat(this.expected).containsExactly(3L);
	}

	@Test
	@Tag("LC-9")
	void saveWhenTheStoreHasLostWhatItHadThenIsToldAnew() {
		this.store.write(StoredTokenSet.of(ALICE, 2, TOKENS));
		SaveResult result = valueOf(steps().save(ALICE, 5, TOKENS));
		assertThat(result.isSaved()).isTrue();
		assertThat(this.expected).containsExactly(5L, 2L);
	}

	@Test
	@Tag("LC-9")
	void saveWhenTheConflictIsWithTheExpectedVersionThenIsToldAnew() {
		this.store.write(StoredTokenSet.of(ALICE, 5, TOKENS));
		this.store.saving = (step) -> (this.expected.size() == 1)
				? Mono.just(SaveResult.conflict(StoredTokenSet.of(ALICE, 5, TOKENS))) : step;
		assertThat(valueOf(steps().save(ALICE, 5, TOKENS)).isSaved()).isTrue();
		assertThat(this.expected).containsExactly(5L, 5L);
	}

	@Test
	@Tag("LC-9")
	void overwriteThenHasTheLastWordOverWhateverIsThere() {
		assertThat(valueOf(steps().overwrite(ALICE, TOKENS))).isEqualTo(1);
		this.store.write(StoredTokenSet.of(ALICE, 7, refreshable("other")));
		assertThat(valueOf(steps().overwrite(ALICE, TOKENS))).isEqualTo(8);
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r");
	}

	@Test
	@Tag("LC-9")
	void overwriteWhenOthersAreFasterThenTriesAgainAndNotForEver() {
		this.store.saving = (step) -> Mono
			.just(SaveResult.conflict(StoredTokenSet.of(ALICE, 100 + this.expected.size(), TOKENS)));
		assertThat(errorOf(steps().overwrite(ALICE, TOKENS))).isInstanceOf(TokenStoreException.class)
			.hasMessageContaining("saved to");
		assertThat(this.expected).hasSize(17).startsWith(0L, 101L, 102L);
	}

	private StoreSteps steps() {
		use(this.store);
		return lifecycle(ALICE).client().store();
	}

	private <T> T valueOf(Mono<T> step) {
		TestSubscriber<T> caller = TestSubscriber.create();
		step.subscribe(caller);
		assertThat(caller.getReceivedOnNext()).hasSize(1);
		return caller.getReceivedOnNext().get(0);
	}

	private Throwable errorOf(Mono<?> step) {
		TestSubscriber<Object> caller = TestSubscriber.create();
		step.subscribe(caller);
		return caller.expectTerminalError();
	}

}
