package io.github.evertoken.store;

import java.time.Duration;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A store that many replicas share and that lets them agree on who asks the issuer: one
 * claims the record of a key, asks, and commits what it got; the others take that.
 * <p>
 * A claim that is won takes a lease on the record <em>in the version that it has</em>. A
 * lease ends when its time is over, when it is committed, abandoned or released, and
 * whenever the record gets another version, by {@link #save} or {@link #remove} too. The
 * fence grows with every lease of a record. Time is the store's own: no clock of a
 * replica counts.
 * <p>
 * A record is <em>ambiguous</em> if the time of a lease was over before anything ended
 * it, or if it was abandoned by an {@linkplain SharedFailure#ambiguous() ambiguous}
 * failure: its refresh token may be used up. It stays so until it gets another version.
 * <p>
 * The versions of a record only grow. The one that a commit gives is above the version of
 * its lease and above the {@linkplain ClaimRequest#knownVersion() version that its claim
 * knew}, so that a store that has lost its last writes, by a failover, never gives a
 * version a second time.
 * <p>
 * A store that cannot be asked fails, with whatever error: <em>held by somebody</em> and
 * <em>away</em> are never confused. Every step that is made twice, because its first
 * answer was lost, has the effect of one and gives the same answer. As with every
 * {@link TokenStore}, no method blocks, and each does its work when its {@code Mono} is
 * subscribed. The abstract test class {@code SharedTokenStoreContract} of
 * {@code evertoken-test} shows whether a store keeps to all this.
 *
 * @since 0.1.0
 */
public interface SharedTokenStore extends TokenStore {

	/**
	 * Ask to be the one who obtains the next token set of a key. In one atomic step, and
	 * in this order:
	 * <ol>
	 * <li>The lease that this {@linkplain ClaimRequest#nonce() nonce} holds is given
	 * again.</li>
	 * <li>If the record is of the {@linkplain ClaimRequest#rejectedVersion() version that
	 * was rejected}, it is marked so.</li>
	 * <li>If it is newer than the known version, not marked, and its access token has not
	 * expired: {@link Claim.Fresh}.</li>
	 * <li>If somebody else has a lease on it: {@link Claim.Busy}.</li>
	 * <li>If it was abandoned and the cooldown is not over, or somebody must log in:
	 * {@link Claim.Paused}, unless the request {@linkplain ClaimRequest#insists()
	 * insists}.</li>
	 * <li>If the last lease of the record was of the same nonce, and has ended, nobody
	 * waits for this answer any more, and no lease is taken: {@link Claim.Busy} with
	 * nothing remaining.</li>
	 * <li>Else {@link Claim.Won}: the lease is taken.</li>
	 * </ol>
	 * @param key the key
	 * @param request who asks, and what is known there
	 * @return a {@code Mono} with the answer, never empty; an error if the store is away
	 */
	Mono<Claim> claim(TokenKey key, ClaimRequest request);

	/**
	 * Keep what was obtained, in place of the record that it was obtained from: it
	 * depends on the {@linkplain Lease#version() version} alone. Whoever has redeemed a
	 * refresh token has the only good set, though the lease has ended meanwhile, or
	 * somebody else has one. A record that is newer than that version has the last word;
	 * one that is older, or is not there, was lost and found again, and is replaced. The
	 * record is neither ambiguous nor paused any more.
	 * <p>
	 * One that is made twice, because its first answer was lost, is saved with the
	 * version of the first.
	 * @param lease the lease
	 * @param tokenSet the token set, as with {@link #save}
	 * @return a {@code Mono} with the new version when the token set is safe, or with the
	 * newer record; an error if neither is known
	 */
	Mono<SaveResult> commit(Lease lease, TokenSet tokenSet);

	/**
	 * End a lease without a token set, and let the others know why. The record is paused
	 * for the failure's {@linkplain SharedFailure#cooldown() cooldown}, or, if somebody
	 * must log in, until it gets another version. A cooldown of zero ends a pause.
	 * <p>
	 * Who does not hold the lease, by its nonce, changes nothing. One whose time is over
	 * is held still until somebody else claims the record.
	 * @param lease the lease
	 * @param failure what was learnt
	 * @return a {@code Mono} that completes when it is ended, or was before
	 */
	Mono<Void> abandon(Lease lease, SharedFailure failure);

	/**
	 * Give a lease back of which nothing was made: the issuer was not asked. The record
	 * is as it was before the claim: an ambiguous one is so still, and one that was
	 * paused is paused for the rest. A lease whose claim was never answered is named by
	 * {@link Lease#unanswered(TokenKey, ClaimRequest)}.
	 * <p>
	 * Who does not hold the lease, by its nonce, changes nothing, but that a claim of the
	 * same nonce that arrives later wins nothing, unless there has been another lease.
	 * One whose time is over is held still until somebody else claims the record.
	 * @param lease the lease
	 * @return a {@code Mono} that completes when it is ended, or was before
	 */
	Mono<Void> release(Lease lease);

	/**
	 * Return what somebody else changes, by {@link #commit}, {@link #save} or
	 * {@link #remove}. It is a hint that may come late, twice or not at all; reading
	 * tells the truth. Those who wait for a lease to end look at once, and the others
	 * within a second. If the claim of a commit {@linkplain ClaimRequest#renews() merely
	 * renews}, that is a {@linkplain StoreChange#renewal() renewal}: replicas for which
	 * nothing is urgent adopt it when their own renewal time comes, so that thousands do
	 * not come at the same time.
	 * @return a hot {@code Flux}, which ends, with an error or without, when it may have
	 * missed something: it is subscribed again then, and every key is looked at
	 */
	@Override
	Flux<StoreChange> changes();

	/**
	 * Return how long a lease lasts for which {@linkplain ClaimRequest#longestLease() no
	 * shorter one} was asked.
	 * @return the time, positive
	 */
	Duration lease();

	/**
	 * Return the shared store that a store is.
	 * @param store the store
	 * @return the same store, or {@code null} if replicas cannot agree by it
	 */
	static @Nullable SharedTokenStore of(TokenStore store) {
		return (store instanceof SharedTokenStore shared) ? shared : null;
	}

}
