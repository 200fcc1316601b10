package io.github.evertoken.store;

import java.time.Duration;
import java.util.Objects;

import io.github.evertoken.TokenKey;

/**
 * The right to obtain the next token set of a key, for a time. The nonce says whose it
 * is.
 *
 * @since 0.1.0
 */
public final class Lease {

	private final TokenKey key;

	private final ClaimRequest request;

	private final long fence;

	private final long version;

	private final Duration duration;

	private Lease(TokenKey key, ClaimRequest request, long fence, long version, Duration duration) {
		this.key = key.withoutSubjectToken();
		this.request = Objects.requireNonNull(request, "request");
		this.fence = fence;
		this.version = version;
		this.duration = Objects.requireNonNull(duration, "duration");
	}

	/**
	 * Create a lease.
	 * @param key the key
	 * @param request the claim that has won it
	 * @param fence its number, which grows with every lease of the record
	 * @param version the version of the record, 0 if there is none
	 * @param duration how long it lasts from its beginning
	 * @return the lease
	 */
	public static Lease of(TokenKey key, ClaimRequest request, long fence, long version, Duration duration) {
		return new Lease(key, request, fence, version, duration);
	}

	/**
	 * Name the lease that a claim may have won whose answer never came, to
	 * {@linkplain SharedTokenStore#release(Lease) release} it.
	 * @param key the key
	 * @param request the claim
	 * @return the lease, of which nothing is known but its nonce
	 */
	public static Lease unanswered(TokenKey key, ClaimRequest request) {
		return new Lease(key, request, 0, 0, Duration.ZERO);
	}

	/**
	 * Return the key.
	 * @return the key, without its {@linkplain TokenKey#subjectToken() subject token}
	 */
	public TokenKey key() {
		return this.key;
	}

	/**
	 * Return the claim that has won the lease.
	 * @return the claim
	 */
	public ClaimRequest request() {
		return this.request;
	}

	/**
	 * Return the nonce of the claim, which says whose lease it is.
	 * @return the nonce
	 */
	public String nonce() {
		return this.request.nonce();
	}

	/**
	 * Return the number of the lease.
	 * @return the number, which grows with every lease of the record
	 */
	public long fence() {
		return this.fence;
	}

	/**
	 * Return the version of the record on which the lease is: what is obtained replaces
	 * that one.
	 * @return the version, 0 if there is no record
	 */
	public long version() {
		return this.version;
	}

	/**
	 * Return how long the lease lasts from its beginning, which was after the claim was
	 * sent.
	 * @return the time
	 */
	public Duration duration() {
		return this.duration;
	}

	@Override
	public String toString() {
		return "Lease[" + this.key + ", fence=" + this.fence + ", version=" + this.version + ", nonce=" + nonce()
				+ ", duration=" + this.duration + "]";
	}

}
