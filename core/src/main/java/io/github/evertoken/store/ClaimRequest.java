package io.github.evertoken.store;

import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Who claims the record of a key, and what is known of it there.
 *
 * @since 0.1.0
 */
public final class ClaimRequest {

	private final String nonce;

	private final long knownVersion;

	private final long rejectedVersion;

	private final @Nullable String replica;

	private final @Nullable Duration longestLease;

	private final boolean insists;

	private final boolean renews;

	private ClaimRequest(String nonce, long knownVersion, long rejectedVersion, @Nullable String replica,
			@Nullable Duration longestLease, boolean insists, boolean renews) {
		this.nonce = nonce;
		this.knownVersion = knownVersion;
		this.rejectedVersion = rejectedVersion;
		this.replica = replica;
		this.longestLease = longestLease;
		this.insists = insists;
		this.renews = renews;
	}

	/**
	 * Ask with a nonce that nobody has used before.
	 * @return a request of somebody who knows nothing of the record
	 */
	public static ClaimRequest create() {
		return of(UUID.randomUUID().toString());
	}

	/**
	 * Ask with a nonce.
	 * @param nonce the nonce
	 * @return a request of somebody who knows nothing of the record
	 */
	public static ClaimRequest of(String nonce) {
		return new ClaimRequest(Objects.requireNonNull(nonce, "nonce"), 0, 0, null, null, false, false);
	}

	/**
	 * Return what makes this claim another one than all others. A claim with the same
	 * nonce is the same one, sent again.
	 * @return the nonce
	 */
	public String nonce() {
		return this.nonce;
	}

	/**
	 * Return the version that is known of the record: only a newer one is of any use.
	 * @return the version, 0 if none is known
	 */
	public long knownVersion() {
		return this.knownVersion;
	}

	/**
	 * Return the version whose access token a resource server has rejected: nobody is to
	 * be given that one as fresh.
	 * @return the version, 0 if none was
	 */
	public long rejectedVersion() {
		return this.rejectedVersion;
	}

	/**
	 * Return the name of the replica that asks, for those who look who has the lease.
	 * @return the name, no secret, or {@code null}
	 */
	public @Nullable String replica() {
		return this.replica;
	}

	/**
	 * Return how long the lease may last at most.
	 * @return the time, or {@code null} for the {@linkplain SharedTokenStore#lease()
	 * store's own}
	 */
	public @Nullable Duration longestLease() {
		return this.longestLease;
	}

	/**
	 * Return whether a pause does not count: somebody has what has not been tried yet.
	 * @return whether it does not
	 */
	public boolean insists() {
		return this.insists;
	}

	/**
	 * Return whether a token set is merely renewed, which nobody has rejected: whoever
	 * has it may use it until its own renewal time.
	 * @return whether it is
	 */
	public boolean renews() {
		return this.renews && this.rejectedVersion == 0;
	}

	/**
	 * Return the same with a known version.
	 * @param knownVersion the version, 0 for none
	 * @return the request
	 */
	public ClaimRequest withKnownVersion(long knownVersion) {
		return new ClaimRequest(this.nonce, knownVersion, this.rejectedVersion, this.replica, this.longestLease,
				this.insists, this.renews);
	}

	/**
	 * Return the same with a rejected version.
	 * @param rejectedVersion the version, 0 for none
	 * @return the request
	 */
	public ClaimRequest withRejectedVersion(long rejectedVersion) {
		return new ClaimRequest(this.nonce, this.knownVersion, rejectedVersion, this.replica, this.longestLease,
				this.insists, this.renews);
	}

	/**
	 * Return the same with the name of the replica.
	 * @param replica the name, or {@code null}
	 * @return the request
	 */
	public ClaimRequest withReplica(@Nullable String replica) {
		return new ClaimRequest(this.nonce, this.knownVersion, this.rejectedVersion, replica, this.longestLease,
				this.insists, this.renews);
	}

	/**
	 * Return the same with a bound of the lease.
	 * @param longestLease the time, positive, or {@code null}
	 * @return the request
	 */
	public ClaimRequest withLongestLease(@Nullable Duration longestLease) {
		return new ClaimRequest(this.nonce, this.knownVersion, this.rejectedVersion, this.replica, longestLease,
				this.insists, this.renews);
	}

	/**
	 * Return the same for somebody who does not let a pause count.
	 * @return the request
	 */
	public ClaimRequest insisting() {
		return new ClaimRequest(this.nonce, this.knownVersion, this.rejectedVersion, this.replica, this.longestLease,
				true, this.renews);
	}

	/**
	 * Return the same for somebody who merely renews a token set.
	 * @return the request
	 */
	public ClaimRequest renewing() {
		return new ClaimRequest(this.nonce, this.knownVersion, this.rejectedVersion, this.replica, this.longestLease,
				this.insists, true);
	}

	/**
	 * Return the lease that this claim wins from a store that lets it last as long as it
	 * may.
	 * @param lease how long a lease of the store lasts
	 * @return the shorter one of that and of what is asked for
	 */
	public Duration leaseWithin(Duration lease) {
		return (this.longestLease != null && this.longestLease.compareTo(lease) < 0) ? this.longestLease : lease;
	}

	@Override
	public String toString() {
		return "ClaimRequest[nonce=" + this.nonce + ", knownVersion=" + this.knownVersion + ", rejectedVersion="
				+ this.rejectedVersion + ", replica=" + this.replica + ", longestLease=" + this.longestLease
				+ ", insists=" + this.insists + ", renews=" + renews() + "]";
	}

}
