
package io.github.evertoken.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.test.Rule;
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
	@Rule("LC-9")
	void stepWhenOneBeforeItIsGivenUpInTheQueueThenWaitsForTheRunningOneAllTheSame() {
		Sinks.Empty<Void> writing = Sinks.empty();
		this.records.saving = writing.asMono();
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
	@Rule("LC-9")
	void stepWhenTheRunningOneIsGivenUpThenTheNextOneGoesOn() {
		this.records.saving = Mono.never();
		Disposable hanging = this.store.save(ALICE, 0, tokens("r1")).subscribe();
		List<Long> removed = new ArrayList<>();
		this.store.remove(ALICE).subscribe(removed::add);
		assertThat(removed).isEmpty();
		hanging.dispose();
		assertThat(removed).hasSize(1);
	}

	@Test
	@Rule({ "LC-9", "LC-3" })
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
	@Rule("LC-9")
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

		private Mono<Void> saving = Mono.empty();

		@Override
		public Mono<TokenSet> load(TokenKey key) {
			return Mono.defer(() -> {
				this.steps.add("load");
				return Mono.justOrEmpty(this.kept.get(key));
			});
		}

		@Override
		public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
			return Mono.defer(() -> {
				this.steps.add("save " + tokenSet.refreshToken());
				this.kept.put(key, tokenSet);
				return this.saving;
			});
		}

		@Override
		public Mono<Void> remove(TokenKey key) {
			return Mono.fromRunnable(() -> {
				this.steps.add("remove");
				this.kept.remove(key);
			});
		}

	}

}
