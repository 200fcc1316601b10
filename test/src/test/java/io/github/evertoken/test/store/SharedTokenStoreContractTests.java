package io.github.evertoken.test.store;

import java.time.Duration;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.SharedTokenStore;
import io.github.evertoken.store.StoredTokenSet;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

/**
 * Tests for {@link SharedTokenStoreContract}: a store that keeps to it passes, and each
 * way of not keeping to it is found.
 */
@Tag("FL-10")
class SharedTokenStoreContractTests {

	@Nested
	class OfASharedStore extends SharedTokenStoreContract {

		private final SharedTokenStore store = new MapSharedTokenStore();

		@Override
		protected SharedTokenStore store() {
			return this.store;
		}

	}

	@Test
	void contractWhenEverybodyWinsThenFails() {
		assertThat(failures(Generous.class)).contains("claimWhenManyClaimThenOneOfThemWins()",
				"claimWhenSomebodyHasALeaseThenIsBusy()");
	}

	@Test
	void contractWhenTheFenceHasTheLastWordThenFails() {
		assertThat(failures(Fenced.class)).contains("commitWhenSomebodyElseHasTheLeaseByThenThenIsSavedAllTheSame()");
	}

	@Test
	void contractWhenAnybodyMayEndALeaseThenFails() {
		assertThat(failures(Careless.class)).contains("abandonWhenItIsByWhoDoesNotHaveTheLeaseThenChangesNothing()");
	}

	private static Iterable<String> failures(Class<?> contract) {
		Events tests = EngineTestKit.engine("junit-jupiter").selectors(selectClass(contract)).execute().testEvents();
		return tests.failed().stream().map((event) -> event.getTestDescriptor().getDisplayName()).toList();
	}

	/**
	 * Lets everybody have a lease.
	 */
	static class Generous extends SharedTokenStoreContract {

		private final SharedTokenStore store = new MapSharedTokenStore() {

			@Override
			synchronized Claim claimNow(TokenKey key, ClaimRequest request) {
				Claim claim = super.claimNow(key, request);
				return (claim instanceof Claim.Busy)
						? Claim.won(Lease.of(key, request, 1, 1, Duration.ofMinutes(1)), null, false) : claim;
			}
		};

		@Override
		protected SharedTokenStore store() {
			return this.store;
		}

	}

	/**
	 * Lets only the last lease commit.
	 */
	static class Fenced extends SharedTokenStoreContract {

		private final SharedTokenStore store = new MapSharedTokenStore() {

			private long last;

			@Override
			synchronized Claim claimNow(TokenKey key, ClaimRequest request) {
				Claim claim = super.claimNow(key, request);
				this.last = (claim instanceof Claim.Won won) ? won.lease().fence() : this.last;
				return claim;
			}

			@Override
			synchronized SaveResult commitNow(Lease lease, TokenSet tokens) {
				return (lease.fence() < this.last) ? SaveResult.conflict(stored(lease))
						: super.commitNow(lease, tokens);
			}

			private StoredTokenSet stored(Lease lease) {
				return StoredTokenSet.of(lease.key(), lease.version(), tokens("stored"));
			}
		};

		@Override
		protected SharedTokenStore store() {
			return this.store;
		}

	}

	/**
	 * Ends a lease, whoever says so.
	 */
	static class Careless extends SharedTokenStoreContract {

		private final SharedTokenStore store = new MapSharedTokenStore() {

			private Lease last;

			@Override
			synchronized Claim claimNow(TokenKey key, ClaimRequest request) {
				Claim claim = super.claimNow(key, request);
				this.last = (claim instanceof Claim.Won won) ? won.lease() : this.last;
				return claim;
			}

			@Override
			synchronized void abandonNow(Lease lease, SharedFailure failure) {
				super.abandonNow(this.last, failure);
			}
		};

		@Override
		protected SharedTokenStore store() {
			return this.store;
		}

	}

}
