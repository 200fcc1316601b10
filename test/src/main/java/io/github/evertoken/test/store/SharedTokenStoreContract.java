package io.github.evertoken.test.store;

import java.time.Duration;
import java.util.List;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.SharedFailure.Kind;
import io.github.evertoken.store.SharedTokenStore;
import io.github.evertoken.store.StoredTokenSet;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract of {@link SharedTokenStore}, as a test class, which includes that of every
 * store. Whoever writes one extends it, and gives it the store:
 *
 * <pre class="code">
 * class MySharedTokenStoreTests extends SharedTokenStoreContract {
 *
 *     &#64;Override
 *     protected SharedTokenStore store() {
 *         return new MySharedTokenStore(...);
 *     }
 *
 * }
 * </pre>
 * <p>
 * A lease of the store is to last for a minute or longer: what is to happen within one
 * must not be overtaken by its end on a busy machine. Those that are to end are asked for
 * with a bound of their own.
 *
 * @since 0.1.0
 */
public abstract class SharedTokenStoreContract extends TokenStoreContract {

	private static final Duration SHORT = Duration.ofMillis(100);

	private static final Duration LONG = Duration.ofMinutes(10);

	private static final Duration LOOK = Duration.ofMillis(20);

	private final TokenKey key = newKey();

	/**
	 * Create the contract.
	 */
	protected SharedTokenStoreContract() {
	}

	@Override
	protected abstract SharedTokenStore store();

	@Test
	void claimWhenThereHasNeverBeenOneThenIsWonFromNothing() {
		Claim.Won won = won(ClaimRequest.create());
		assertThat(won.current()).isNull();
		assertThat(won.ambiguous()).isFalse();
		assertThat(won.lease().key()).isEqualTo(this.key);
		assertThat(won.lease().version()).isZero();
		assertThat(won.lease().duration()).isEqualTo(store().lease()).isPositive();
	}

	@Test
	void claimWhenTheRecordIsKnownThenIsWonWithIt() {
		long version = saved(this.key, 0, tokens("first"));
		Claim.Won won = won(ClaimRequest.create().withKnownVersion(version));
		assertThat(won.lease().version()).isEqualTo(version);
		assertThat(present(present(won.current(), "the record").tokenSet(), "the set").refreshToken())
			.isEqualTo("refresh-first");
	}

	@Test
	void claimWhenTheRecordIsATombstoneThenIsWonWithIt() {
		saved(this.key, 0, tokens("first"));
		long tombstone = removed(this.key);
		Claim.Won won = won(ClaimRequest.create());
		assertThat(won.lease().version()).isEqualTo(tombstone);
		assertThat(present(won.current(), "the tombstone").tokenSet()).isNull();
	}

	@Test
	void claimWhenTheRecordIsNewerThenIsFresh() {
		long version = saved(this.key, 0, tokens("first"));
		assertThat(fresh(ClaimRequest.create()).version()).isEqualTo(version);
		assertThat(fresh(ClaimRequest.create().withKnownVersion(version - 1)).version()).isEqualTo(version);
	}

	@Test
	void claimWhenTheNewerOneHasExpiredThenIsWon() {
		saved(this.key, 0,
				tokens("first").mutate()
					.obtainedAt(present(tokens("x").obtainedAt(), "now").minusSeconds(3600))
					.build());
		assertThat(won(ClaimRequest.create()).current()).isNotNull();
	}

	@Test
	void claimWhenTheNewerOneHasNoAccessTokenThenIsWon() {
		saved(this.key, 0, TokenSet.withRefreshToken("refresh").build());
		assertThat(won(ClaimRequest.create()).current()).isNotNull();
	}

	@Test
	void claimWhenTheVersionWasRejectedThenNobodyIsGivenItAsFresh() {
		long version = saved(this.key, 0, tokens("first"));
		Claim.Won won = won(ClaimRequest.create().withKnownVersion(version).withRejectedVersion(version));
		assertThat(claim(ClaimRequest.create())).isInstanceOf(Claim.Busy.class);
		release(won.lease());
		assertThat(claim(ClaimRequest.create())).isInstanceOf(Claim.Won.class);
	}

	@Test
	void claimWhenAnotherVersionWasRejectedThenIsFresh() {
		long first = saved(this.key, 0, tokens("first"));
		saved(this.key, first, tokens("second"));
		assertThat(fresh(ClaimRequest.create().withKnownVersion(first).withRejectedVersion(first)).version())
			.isGreaterThan(first);
	}

	@Test
	void claimWhenSomebodyHasALeaseThenIsBusy() {
		long version = saved(this.key, 0, tokens("first"));
		won(ClaimRequest.create().withKnownVersion(version).withReplica("replica-1"));
		Claim claim = claim(ClaimRequest.create().withKnownVersion(version));
		assertThat(claim).isInstanceOfSatisfying(Claim.Busy.class, (busy) -> {
			assertThat(busy.remaining()).isPositive().isLessThanOrEqualTo(store().lease());
			assertThat(busy.held()).isGreaterThanOrEqualTo(Duration.ZERO);
			assertThat(busy.replica()).isEqualTo("replica-1");
		});
	}

	@Test
	void claimWhenManyClaimThenOneOfThemWins() {
		long version = saved(this.key, 0, tokens("first"));
		List<Claim> claims = present(Flux.range(0, RIVALS)
			.flatMap((i) -> Mono.defer(() -> store().claim(this.key, ClaimRequest.create().withKnownVersion(version)))
				.subscribeOn(Schedulers.boundedElastic()), RIVALS)
			.collectList()
			.block(LIMIT), "the claims");
		assertThat(claims).hasSize(RIVALS);
		assertThat(claims.stream().filter(Claim.Won.class::isInstance)).as("those that are won").hasSize(1);
		assertThat(claims.stream().filter(Claim.Busy.class::isInstance)).hasSize(RIVALS - 1);
	}

	@Test
	void claimTwiceWhenItIsTheSameThenTheSameLeaseIsGivenAgain() {
		ClaimRequest request = ClaimRequest.create();
		Lease lease = won(request).lease();
		assertThat(won(request).lease().fence()).isEqualTo(lease.fence());
	}

	@Test
	void claimTwiceWhenTheLeaseHasEndedThenNoneIsTaken() {
		ClaimRequest request = ClaimRequest.create();
		release(won(request).lease());
		assertThat(claim(request)).isInstanceOfSatisfying(Claim.Busy.class,
				(busy) -> assertThat(busy.remaining()).isZero());
		assertThat(claim(ClaimRequest.create())).isInstanceOf(Claim.Won.class);
	}

	@Test
	void claimWhenItWasReleasedBeforeItArrivesThenNoLeaseIsTaken() {
		ClaimRequest request = ClaimRequest.create();
		release(Lease.unanswered(this.key, request));
		assertThat(claim(request)).isInstanceOf(Claim.Busy.class);
		assertThat(claim(ClaimRequest.create())).isInstanceOf(Claim.Won.class);
	}

	@Test
	void claimWhenTheTimeOfALeaseIsOverThenIsWonAndAmbiguousWithAHigherFence() {
		long version = saved(this.key, 0, tokens("first"));
		Lease first = won(ClaimRequest.create().withKnownVersion(version).withLongestLease(SHORT)).lease();
		assertThat(first.duration()).isEqualTo(SHORT);
		Claim.Won second = wonAtLast(version);
		assertThat(second.ambiguous()).isTrue();
		assertThat(second.lease().fence()).isGreaterThan(first.fence());
		assertThat(second.lease().version()).isEqualTo(version);
	}

	@Test
	void claimWhenAnAmbiguousRecordWasReleasedThenIsAmbiguousStill() {
		long version = saved(this.key, 0, tokens("first"));
		won(ClaimRequest.create().withKnownVersion(version).withLongestLease(SHORT));
		release(wonAtLast(version).lease());
		assertThat(won(ClaimRequest.create().withKnownVersion(version)).ambiguous()).isTrue();
	}

	@Test
	void claimWhenAnAmbiguousRecordHasAnotherVersionThenIsNotAmbiguous() {
		long version = saved(this.key, 0, tokens("first"));
		won(ClaimRequest.create().withKnownVersion(version).withLongestLease(SHORT));
		Lease lease = wonAtLast(version).lease();
		long next = committed(lease, tokens("second"));
		assertThat(won(ClaimRequest.create().withKnownVersion(next)).ambiguous()).isFalse();
	}

	@Test
	void commitThenReplacesTheRecordAndEndsTheLease() {
		long version = saved(this.key, 0, tokens("first"));
		Lease lease = won(ClaimRequest.create().withKnownVersion(version)).lease();
		long next = committed(lease, tokens("second"));
		assertThat(next).isGreaterThan(version);
		assertThat(accessToken(this.key)).isEqualTo("second");
		assertThat(fresh(ClaimRequest.create().withKnownVersion(version)).version()).isEqualTo(next);
		assertThat(claim(ClaimRequest.create().withKnownVersion(next))).isInstanceOf(Claim.Won.class);
	}

	@Test
	void commitTwiceThenIsSavedOnce() {
		Lease lease = won(ClaimRequest.create()).lease();
		TokenSet tokens = tokens("first");
		long version = committed(lease, tokens);
		assertThat(committed(lease, tokens)).isEqualTo(version);
		assertThat(stored(this.key).version()).isEqualTo(version);
	}

	@Test
	void commitWhenSomebodyElseHasTheLeaseByThenThenIsSavedAllTheSame() {
		long version = saved(this.key, 0, tokens("first"));
		Lease first = won(ClaimRequest.create().withKnownVersion(version).withLongestLease(SHORT)).lease();
		Lease second = wonAtLast(version).lease();
		long next = committed(first, tokens("of-the-first"));
		SaveResult late = commit(second, tokens("of-the-second"));
		assertThat(late.isSaved()).isFalse();
		assertThat(present(late.current(), "the record").version()).isEqualTo(next);
		assertThat(accessToken(this.key)).isEqualTo("of-the-first");
	}

	@Test
	void commitWhenSomebodyHasLoggedInMeanwhileThenThatHasTheLastWord() {
		long version = saved(this.key, 0, tokens("first"));
		Lease lease = won(ClaimRequest.create().withKnownVersion(version)).lease();
		long login = saved(this.key, version, tokens("login"));
		SaveResult late = commit(lease, tokens("late"));
		assertThat(late.isSaved()).isFalse();
		assertThat(present(late.current(), "the record").version()).isEqualTo(login);
		assertThat(accessToken(this.key)).isEqualTo("login");
	}

	@Test
	void commitWhenItWasRemovedMeanwhileThenDoesNotBringItBack() {
		long version = saved(this.key, 0, tokens("first"));
		Lease lease = won(ClaimRequest.create().withKnownVersion(version)).lease();
		removed(this.key);
		SaveResult late = commit(lease, tokens("late"));
		assertThat(present(late.current(), "the tombstone").tokenSet()).isNull();
		assertThat(stored(this.key).tokenSet()).isNull();
	}

	@Test
	void commitWhenMoreWasKnownThanTheStoreHasThenItsVersionIsAboveThat() {
		long version = saved(this.key, 0, tokens("first"));
		Lease lease = won(ClaimRequest.create().withKnownVersion(version + 5)).lease();
		assertThat(committed(lease, tokens("second"))).isGreaterThan(version + 5);
	}

	@Test
	void saveWhenSomebodyHasALeaseThenEndsIt() {
		long version = saved(this.key, 0, tokens("first"));
		won(ClaimRequest.create().withKnownVersion(version));
		long login = saved(this.key, version, tokens("login"));
		Claim.Won won = won(ClaimRequest.create().withKnownVersion(login));
		assertThat(won.ambiguous()).isFalse();
	}

	@Test
	void abandonThenTheOthersArePaused() {
		Lease lease = won(ClaimRequest.create()).lease();
		abandon(lease,
				SharedFailure.of(Kind.TRANSIENT, "out of order", "temporarily_unavailable", LONG)
					.withTried("abc def")
					.withAwaited(true));
		assertThat(claim(ClaimRequest.create())).isInstanceOfSatisfying(Claim.Paused.class, (paused) -> {
			assertThat(paused.remaining()).isPositive().isLessThanOrEqualTo(LONG);
			assertThat(paused.failure().kind()).isEqualTo(Kind.TRANSIENT);
			assertThat(paused.failure().reason()).isEqualTo("out of order");
			assertThat(paused.failure().error()).isEqualTo("temporarily_unavailable");
			assertThat(paused.failure().tried()).isEqualTo("abc def");
			assertThat(paused.failure().awaited()).isTrue();
		});
		assertThat(claim(ClaimRequest.create().insisting())).isInstanceOf(Claim.Won.class);
	}

	@Test
	void abandonWhenThereIsNoCooldownThenTheNextOneWins() {
		abandon(won(ClaimRequest.create()).lease(), SharedFailure.of(Kind.TRANSIENT, "lost", null, Duration.ZERO));
		assertThat(won(ClaimRequest.create()).ambiguous()).isFalse();
	}

	@Test
	void abandonWhenTheFailureIsAmbiguousThenTheNextOneKnows() {
		long version = saved(this.key, 0, tokens("first"));
		abandon(won(ClaimRequest.create().withKnownVersion(version)).lease(),
				SharedFailure.of(Kind.TRANSIENT, "lost", null, Duration.ZERO).withAmbiguous(true));
		assertThat(won(ClaimRequest.create().withKnownVersion(version)).ambiguous()).isTrue();
	}

	@Test
	void abandonWhenSomebodyMustLogInThenTheOthersArePausedUntilTheRecordChanges() {
		long version = saved(this.key, 0, tokens("first"));
		abandon(won(ClaimRequest.create().withKnownVersion(version)).lease(),
				SharedFailure.of(Kind.REAUTHENTICATION, "refused", "invalid_grant", Duration.ZERO));
		ClaimRequest request = ClaimRequest.create().withKnownVersion(version);
		assertThat(claim(request)).isInstanceOfSatisfying(Claim.Paused.class,
				(paused) -> assertThat(paused.failure().kind()).isEqualTo(Kind.REAUTHENTICATION));
		long login = saved(this.key, version, tokens("login"));
		assertThat(claim(ClaimRequest.create().withKnownVersion(login))).isInstanceOf(Claim.Won.class);
	}

	@Test
	void abandonWhenItIsByWhoDoesNotHaveTheLeaseThenChangesNothing() {
		long version = saved(this.key, 0, tokens("first"));
		Lease first = won(ClaimRequest.create().withKnownVersion(version).withLongestLease(SHORT)).lease();
		wonAtLast(version);
		abandon(first, SharedFailure.of(Kind.TRANSIENT, "late", null, Duration.ZERO));
		release(first);
		assertThat(claim(ClaimRequest.create().withKnownVersion(version))).isInstanceOf(Claim.Busy.class);
	}

	@Test
	void releaseThenTheNextOneWinsAsIfNothingHadBeen() {
		long version = saved(this.key, 0, tokens("first"));
		release(won(ClaimRequest.create().withKnownVersion(version)).lease());
		Claim.Won won = won(ClaimRequest.create().withKnownVersion(version));
		assertThat(won.ambiguous()).isFalse();
		assertThat(won.lease().version()).isEqualTo(version);
	}

	@Test
	void releaseWhenTheClaimWasNotAnsweredThenItsLeaseEnds() {
		ClaimRequest request = ClaimRequest.create();
		won(request);
		release(Lease.unanswered(this.key, request));
		assertThat(claim(ClaimRequest.create())).isInstanceOf(Claim.Won.class);
	}

	@Test
	void everySharedStepThenDoesItsWorkWhenItIsSubscribed() {
		Mono<Claim> claim = store().claim(this.key, ClaimRequest.create());
		Lease lease = won(ClaimRequest.create()).lease();
		Mono<SaveResult> commit = store().commit(lease, tokens("first"));
		assertThat(load(this.key)).isNull();
		commit.block(LIMIT);
		assertThat(accessToken(this.key)).isEqualTo("first");
		assertThat(claim.block(LIMIT)).isInstanceOf(Claim.Fresh.class);
	}

	private Claim claim(ClaimRequest request) {
		return present(store().claim(this.key, request).block(LIMIT), "the answer");
	}

	private Claim.Won won(ClaimRequest request) {
		Claim claim = claim(request);
		assertThat(claim).isInstanceOf(Claim.Won.class);
		return (Claim.Won) claim;
	}

	private StoredTokenSet fresh(ClaimRequest request) {
		Claim claim = claim(request);
		assertThat(claim).isInstanceOf(Claim.Fresh.class);
		return ((Claim.Fresh) claim).current();
	}

	/**
	 * Claim until the lease that somebody has is over.
	 */
	private Claim.Won wonAtLast(long version) {
		return present(Mono.defer(() -> store().claim(this.key, ClaimRequest.create().withKnownVersion(version)))
			.filter(Claim.Won.class::isInstance)
			.cast(Claim.Won.class)
			.repeatWhenEmpty((empty) -> empty.delayElements(LOOK))
			.block(LIMIT), "the lease");
	}

	private SaveResult commit(Lease lease, TokenSet tokens) {
		return present(store().commit(lease, tokens).block(LIMIT), "the result");
	}

	private long committed(Lease lease, TokenSet tokens) {
		SaveResult result = commit(lease, tokens);
		assertThat(result.isSaved()).as("whether it is committed").isTrue();
		return result.version();
	}

	private void abandon(Lease lease, SharedFailure failure) {
		store().abandon(lease, failure).block(LIMIT);
	}

	private void release(Lease lease) {
		store().release(lease).block(LIMIT);
	}

}
