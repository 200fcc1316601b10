package io.github.evertoken.store;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link SharedTokenStore} answers to a claim.
 *
 * @since 0.1.0
 */
public sealed interface Claim {

	/**
	 * Answer that the issuer is to be asked.
	 * @param lease the lease
	 * @param current the record, or {@code null} if there is none
	 * @param ambiguous whether its refresh token may be used up
	 * @return the answer
	 */
	static Claim won(Lease lease, @Nullable StoredTokenSet current, boolean ambiguous) {
		return new Won(lease, current, ambiguous);
	}

	/**
	 * Answer that there is a newer token set.
	 * @param current the record
	 * @return the answer
	 */
	static Claim fresh(StoredTokenSet current) {
		return new Fresh(current);
	}

	/**
	 * Answer that somebody else has a lease.
	 * @param remaining how long it lasts at most
	 * @param held for how long it has been held
	 * @param replica who has it, or {@code null} if it has not said
	 * @return the answer
	 */
	static Claim busy(Duration remaining, Duration held, @Nullable String replica) {
		return new Busy(remaining, held, replica);
	}

	/**
	 * Answer that the issuer is not to be asked.
	 * @param failure what another replica has learnt
	 * @param remaining how long it is not to be asked, of no meaning if somebody must log
	 * in
	 * @return the answer
	 */
	static Claim paused(SharedFailure failure, Duration remaining) {
		return new Paused(failure, remaining);
	}

	/**
	 * The issuer is to be asked, with what the record holds.
	 */
	final class Won implements Claim {

		private final Lease lease;

		private final @Nullable StoredTokenSet current;

		private final boolean ambiguous;

		private Won(Lease lease, @Nullable StoredTokenSet current, boolean ambiguous) {
			this.lease = Objects.requireNonNull(lease, "lease");
			this.current = current;
			this.ambiguous = ambiguous;
		}

		/**
		 * Return the lease.
		 * @return the lease
		 */
		public Lease lease() {
			return this.lease;
		}

		/**
		 * Return the record.
		 * @return the record, which may be a tombstone; {@code null} if there is none
		 */
		public @Nullable StoredTokenSet current() {
			return this.current;
		}

		/**
		 * Return whether the refresh token of the record may be used up, because somebody
		 * has had a lease and has not said what came of it.
		 * @return whether it may
		 */
		public boolean ambiguous() {
			return this.ambiguous;
		}

		@Override
		public String toString() {
			return "Won[" + this.lease + ", " + this.current + ", ambiguous=" + this.ambiguous + "]";
		}

	}

	/**
	 * There is a newer token set than the known one. It may be of no use where more is
	 * asked of it than that it has not expired.
	 */
	final class Fresh implements Claim {

		private final StoredTokenSet current;

		private Fresh(StoredTokenSet current) {
			this.current = Objects.requireNonNull(current, "current");
		}

		/**
		 * Return the record.
		 * @return the record, with a token set
		 */
		public StoredTokenSet current() {
			return this.current;
		}

		@Override
		public String toString() {
			return "Fresh[" + this.current + "]";
		}

	}

	/**
	 * Somebody else asks the issuer now.
	 */
	final class Busy implements Claim {

		private final Duration remaining;

		private final Duration held;

		private final @Nullable String replica;

		private Busy(Duration remaining, Duration held, @Nullable String replica) {
			this.remaining = Objects.requireNonNull(remaining, "remaining");
			this.held = Objects.requireNonNull(held, "held");
			this.replica = replica;
		}

		/**
		 * Return how long the lease lasts at most.
		 * @return the time, zero or positive
		 */
		public Duration remaining() {
			return this.remaining;
		}

		/**
		 * Return for how long the lease has been held.
		 * @return the time, zero or positive
		 */
		public Duration held() {
			return this.held;
		}

		/**
		 * Return who has the lease.
		 * @return the name that it gave with its claim, or {@code null}
		 */
		public @Nullable String replica() {
			return this.replica;
		}

		@Override
		public String toString() {
			return "Busy[remaining=" + this.remaining + ", held=" + this.held + ", replica=" + this.replica + "]";
		}

	}

	/**
	 * Another replica has learnt that it is of no use to ask the issuer now.
	 */
	final class Paused implements Claim {

		private final SharedFailure failure;

		private final Duration remaining;

		private Paused(SharedFailure failure, Duration remaining) {
			this.failure = Objects.requireNonNull(failure, "failure");
			this.remaining = Objects.requireNonNull(remaining, "remaining");
		}

		/**
		 * Return what was learnt.
		 * @return the failure
		 */
		public SharedFailure failure() {
			return this.failure;
		}

		/**
		 * Return how long the issuer is not to be asked.
		 * @return the time, zero or positive; of no meaning if somebody must log in
		 */
		public Duration remaining() {
			return this.remaining;
		}

		@Override
		public String toString() {
			return "Paused[" + this.failure + ", remaining=" + this.remaining + "]";
		}

	}

}
