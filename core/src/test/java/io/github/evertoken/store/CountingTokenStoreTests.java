
package io.github.evertoken.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CountingTokenStore}.
 */
class CountingTokenStoreTests {

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	private final Records records = new Records();

	private final TokenStore store = this.records.versioned();

	@Test
	@Tag("LC-9")
	void stepWhenOneBeforeItIsGivenUpInTheQueueThenWaitsForTheRunningOneAllTheSame() {
		Sinks.Empty<Void> writing = landLater();
		this.store.save(ALICE, 0, tokens("r1")).subscribe();
		assertThat(this.records.steps).containsExactly("load", "save r1");
		Disposable impatient = this.store.load(ALICE).subscribe();
		List<StoredTokenSet> last = new ArrayList<>();
		this.store.load(ALICE).subscribe(last::add);
		impatient.dispose();
		List<Long> later = new ArrayList<>();
		this.store.remove(ALICE).subscribe(later::add);
		assertThat(this.records.steps).containsExactly("load", "save r1");
		writing.tryEmitEmpty();
		assertThat(last).hasSize(1);
		assertThat(later).hasSize(1);
		assertThat(this.records.steps).containsExactly("load", "save r1", "load", "remove");
	}

	@Test
	@Tag("LC-9")
	void stepWhenTheReadingBeforeItIsGivenUpThenGoesOn() {
		this.records.loading = Mono.never();
		Disposable hanging = this.store.load(ALICE).subscribe();
		List<Long> removed = new ArrayList<>();
		this.store.remove(ALICE).subscribe(removed::add);
		assertThat(removed).isEmpty();
		hanging.dispose();
		assertThat(removed).hasSize(1);
	}

	/**
	 * The save is given up on, the removal comes, and then the save lands: the removal
	 * has the last word.
	 */
	@Test
	@Tag("LC-9")
	void removeWhenASaveWasGivenUpOnThenComesAfterItHasLanded() {
		Sinks.Empty<Void> landing = landLater();
		this.store.save(ALICE, 0, tokens("r1")).subscribe().dispose();
		List<Long> removed = new ArrayList<>();
		this.store.remove(ALICE).subscribe(removed::add);
		assertThat(removed).isEmpty();
		assertThat(this.records.steps).containsExactly("load", "save r1");
		landing.tryEmitEmpty();
		assertThat(removed).hasSize(1);
		assertThat(this.records.kept).isEmpty();
		assertThat(this.store.load(ALICE).block().tokenSet()).isNull();
	}

	@Test
	@Tag("LC-9")
	void saveWhenARemovalWasGivenUpOnThenComesAfterItHasLanded() {
		this.records.kept.put(ALICE, tokens("r1"));
		Sinks.Empty<Void> landing = landLater();
		this.store.remove(ALICE).subscribe().dispose();
		List<SaveResult> saved = new ArrayList<>();
		this.store.save(ALICE, 0, tokens("login")).subscribe(saved::add);
		landing.tryEmitEmpty();
		assertThat(saved).singleElement().satisfies((result) -> assertThat(result.isSaved()).isFalse());
		this.store.save(ALICE, saved.get(0).version(), tokens("login")).block();
		assertThat(this.records.kept.get(ALICE).refreshToken()).isEqualTo("login");
	}

	@Test
	@Tag("LC-9")
	void saveWhenOneBeforeItFailsAfterItWasGivenUpOnThenGoesOn() {
		Sinks.Empty<Void> landing = landLater();
		this.store.save(ALICE, 0, tokens("r1")).subscribe().dispose();
		List<SaveResult> saved = new ArrayList<>();
		this.store.save(ALICE, 0, tokens("r2")).subscribe(saved::add);
		assertThat(saved).isEmpty();
		landing.tryEmitError(new IOException("connection lost"));
		assertThat(saved).singleElement().satisfies((result) -> assertThat(result.isSaved()).isTrue());
		assertThat(this.records.kept.get(ALICE).refreshToken()).isEqualTo("r2");
	}

	@Test
	@Tag("LC-9")
	void saveWhenItWasGivenUpOnAndHasLandedThenIsSafeWhenItIsTriedAgain() {
		long read = this.store.save(ALICE, 0, tokens("r0")).block().version();
		Sinks.Empty<Void> landing = landLater();
		this.store.save(ALICE, read, tokens("r1")).subscribe().dispose();
		List<SaveResult> again = new ArrayList<>();
		this.store.save(ALICE, read, tokens("r1")).subscribe(again::add);
		landing.tryEmitEmpty();
		assertThat(again).singleElement().satisfies((result) -> assertThat(result.isSaved()).isTrue());
		assertThat(this.store.load(ALICE).block().version()).isEqualTo(again.get(0).version());
	}

	@Test
	@Tag("LC-9")
	void saveWhenItIsGivenUpOnWhileItLooksThenWritesNothing() {
		Sinks.Empty<Void> looking = Sinks.empty();
		this.records.loading = looking.asMono();
		this.store.save(ALICE, 0, tokens("r1")).subscribe().dispose();
		looking.tryEmitEmpty();
		this.records.loading = Mono.empty();
		this.store.remove(ALICE).block();
		assertThat(this.records.steps).containsExactly("load", "remove");
	}

	@Test
	@Tag("LC-9")
	@Tag("LC-8")
	void loadWhenASaveThatNeverEndsWasGivenUpOnThenAnswersAllTheSame() {
		this.records.kept.put(ALICE, tokens("r0"));
		long read = this.store.load(ALICE).block().version();
		this.records.writing = (write) -> Mono.never();
		this.store.save(ALICE, read, tokens("r1")).subscribe().dispose();
		List<Long> removed = new ArrayList<>();
		Disposable impatient = this.store.remove(ALICE).subscribe(removed::add);
		impatient.dispose();
		assertThat(this.store.load(ALICE).block().version()).isEqualTo(read);
		assertThat(removed).isEmpty();
		assertThat(this.records.steps).doesNotContain("remove");
	}

	/**
	 * What was read is older than what is known when the reading ends, and must not look
	 * newer.
	 */
	@Test
	@Tag("LC-9")
	void loadWhenAWriteLandsMeanwhileThenReadsAgain() {
		long read = this.store.save(ALICE, 0, tokens("r0")).block().version();
		Sinks.Empty<Void> landing = landLater();
		this.store.save(ALICE, read, tokens("r1")).subscribe().dispose();
		Sinks.Empty<Void> looking = Sinks.empty();
		this.records.loading = looking.asMono();
		List<StoredTokenSet> loaded = new ArrayList<>();
		this.store.load(ALICE).subscribe(loaded::add);
		landing.tryEmitEmpty();
		this.records.loading = Mono.empty();
		looking.tryEmitEmpty();
		assertThat(loaded).singleElement()
			.satisfies((stored) -> assertThat(stored.tokenSet().refreshToken()).isEqualTo("r1"));
		assertThat(this.store.load(ALICE).block().version()).isEqualTo(loaded.get(0).version());
	}

	/**
	 * The next write lands when it is told to, whoever waits for it.
	 */
	private Sinks.Empty<Void> landLater() {
		Sinks.Empty<Void> landing = Sinks.empty();
		this.records.writing = (write) -> {
			this.records.writing = (next) -> next;
			return landing.asMono().then(write);
		};
		return landing;
	}

	@Test
	@Tag("LC-9")
	@Tag("LC-3")
	void saveWhenTheKeyWasForgottenSinceItWasReadThenReplacesTheRecord() {
		this.records.kept.put(ALICE, tokens("r1"));
		long read = this.store.load(ALICE).block().version();
		TokenStore forgetful = this.records.versioned();
		for (int i = 0; i < 10; i++) {
			forgetful.load(TokenKey.of("inventory", "other" + i)).block();
			forgetful.remove(TokenKey.of("inventory", "other" + i)).block();
		}
		SaveResult result = forgetful.save(ALICE, read, tokens("r2")).block();
		assertThat(result.isSaved()).isTrue();
		assertThat(this.records.kept.get(ALICE).refreshToken()).isEqualTo("r2");
		assertThat(forgetful.load(ALICE).block().version()).isEqualTo(result.version());
	}

	@Test
	@Tag("LC-9")
	void saveWhenSomebodyElseHasWrittenThenConflicts() {
		this.records.kept.put(ALICE, tokens("r1"));
		long read = this.store.load(ALICE).block().version();
		this.records.kept.put(ALICE, tokens("login"));
		SaveResult result = this.store.save(ALICE, read, tokens("r2")).block();
		assertThat(result.isSaved()).isFalse();
		assertThat(this.records.kept.get(ALICE).refreshToken()).isEqualTo("login");
	}

	private static TokenSet tokens(String refreshToken) {
		return TokenSet.withAccessToken("a").refreshToken(refreshToken).build();
	}

	private static final class Records implements UnversionedTokenStore {

		private final Map<TokenKey, TokenSet> kept = new ConcurrentHashMap<>();

		private final List<String> steps = new ArrayList<>();

		private Mono<Void> loading = Mono.empty();

		private UnaryOperator<Mono<Void>> writing = (write) -> write;

		@Override
		public Mono<TokenSet> load(TokenKey key) {
			return Mono.defer(() -> {
				this.steps.add("load");
				TokenSet tokens = this.kept.get(key);
				return this.loading.then(Mono.justOrEmpty(tokens));
			});
		}

		@Override
		public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
			return written("save " + tokenSet.refreshToken(), () -> this.kept.put(key, tokenSet));
		}

		@Override
		public Mono<Void> remove(TokenKey key) {
			return written("remove", () -> this.kept.remove(key));
		}

		private Mono<Void> written(String step, Runnable write) {
			return Mono.defer(() -> {
				this.steps.add(step);
				return this.writing.apply(Mono.fromRunnable(write));
			});
		}

	}

}
