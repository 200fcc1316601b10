package io.github.evertoken.test.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.store.UnversionedTokenStore;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

/**
 * Tests for {@link TokenStoreContract}: stores that keep to it pass, and each way of not
 * keeping to it is found.
 */
class TokenStoreContractTests {

	@Nested
	class OfAStoreWithVersions extends TokenStoreContract {

		private final TokenStore store = new MapTokenStore();

		@Override
		protected TokenStore store() {
			return this.store;
		}

	}

	@Nested
	class OfAStoreWithoutVersions extends TokenStoreContract {

		private final TokenStore store = new Unversioned().versioned();

		@Override
		protected TokenStore store() {
			return this.store;
		}

	}

	@Test
	void contractWhenSavesAreBlindThenFails() {
		assertThat(failures(Blind.class)).contains(
				"saveWhenTheVersionIsAnOlderOneThenChangesNothingAndShowsTheRecord()",
				"saveWhenItWasRemovedMeanwhileThenDoesNotBringItBack()",
				"saveWhenManyExpectTheSameVersionThenOneOfThemIsSaved()");
	}

	@Test
	void contractWhenRemovalsLeaveNothingThenFails() {
		assertThat(failures(Forgetful.class)).contains("removeThenLeavesATombstoneWithAVersionOfItsOwn()",
				"saveWhenItWasRemovedMeanwhileThenDoesNotBringItBack()");
	}

	@Test
	void contractWhenWorkIsDoneAtOnceThenFails() {
		assertThat(failures(Hasty.class)).containsExactly("everyStepThenDoesItsWorkWhenItIsSubscribed()");
	}

	private static Iterable<String> failures(Class<?> contract) {
		Events tests = EngineTestKit.engine("junit-jupiter").selectors(selectClass(contract)).execute().testEvents();
		return tests.failed().stream().map((event) -> event.getTestDescriptor().getDisplayName()).toList();
	}

	/**
	 * Saves whatever is expected.
	 */
	static class Blind extends TokenStoreContract {

		private final TokenStore store = new MapTokenStore() {
			@Override
			public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
				return load(key).map(StoredTokenSet::version)
					.defaultIfEmpty(0L)
					.flatMap((version) -> super.save(key, version, tokenSet));
			}
		};

		@Override
		protected TokenStore store() {
			return this.store;
		}

	}

	/**
	 * Leaves no tombstone.
	 */
	static class Forgetful extends TokenStoreContract {

		private final TokenStore store = new MapTokenStore() {
			@Override
			public Mono<StoredTokenSet> load(TokenKey key) {
				return super.load(key).filter((stored) -> stored.tokenSet() != null);
			}

			@Override
			public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
				return super.load(key).filter((stored) -> stored.tokenSet() == null)
					.map(StoredTokenSet::version)
					.defaultIfEmpty(expected)
					.flatMap((version) -> super.save(key, version, tokenSet));
			}
		};

		@Override
		protected TokenStore store() {
			return this.store;
		}

	}

	/**
	 * Works when it is asked, and not when it is subscribed.
	 */
	static class Hasty extends TokenStoreContract {

		private final TokenStore store = new MapTokenStore() {
			@Override
			public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
				return Mono.justOrEmpty(super.save(key, expected, tokenSet).block());
			}
		};

		@Override
		protected TokenStore store() {
			return this.store;
		}

	}

	/**
	 * A store that has no versions.
	 */
	private static final class Unversioned implements UnversionedTokenStore {

		private final Map<TokenKey, TokenSet> tokens = new ConcurrentHashMap<>();

		@Override
		public Mono<TokenSet> load(TokenKey key) {
			return Mono.fromSupplier(() -> this.tokens.get(key));
		}

		@Override
		public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
			return Mono.fromRunnable(() -> this.tokens.put(key, tokenSet));
		}

		@Override
		public Mono<Void> remove(TokenKey key) {
			return Mono.fromRunnable(() -> this.tokens.remove(key));
		}

	}

}
