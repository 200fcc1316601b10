package io.github.evertoken.lifecycle;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIL_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.IL_Result;

/**
 * The races between the eviction of a user's key and whatever else happens to it.
 */
public class EvictionRaces {

	/**
	 * A flight that lands while its key is evicted: the waiter is told, and whoever asks
	 * next makes no second call, for the token is held or rests in the store.
	 */
	@JCStressTest
	@Outcome(id = "1, 1, landed", expect = Expect.ACCEPTABLE, desc = "One flight, whose token is found")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Two flights, or the waiter was forgotten")
	@State
	public static class EvictAndLand {

		private final Stage.Caller waiter = new Stage.Caller();

		private final Stage.Caller next = new Stage.Caller();

		private final Stage stage = Stage.ofUser().inFlight(this.waiter);

		@Actor
		public void evict() {
			this.stage.evict();
		}

		@Actor
		public void land() {
			this.stage.land();
		}

		@Arbiter
		public void look(IIL_Result result) {
			this.stage.current().token().subscribe(this.next);
			result.r1 = this.stage.calls.get();
			result.r2 = this.waiter.values.get();
			result.r3 = this.next.value;
		}

	}

	/**
	 * Two callers, one of whom still has the life-cycle that is evicted, make one flight.
	 */
	@JCStressTest
	@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "One flight for both")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Two flights, or one was forgotten")
	@State
	public static class EvictAndUse {

		private final Stage stage = Stage.ofUser();

		private final Stage.Caller first = new Stage.Caller();

		private final Stage.Caller second = new Stage.Caller();

		@Actor
		public void use() {
			this.stage.key.token().subscribe(this.first);
		}

		@Actor
		public void evictAndUse() {
			this.stage.evict();
			this.stage.current().token().subscribe(this.second);
		}

		@Arbiter
		public void look(II_Result result) {
			result.r1 = this.stage.calls.get();
			result.r2 = this.first.values.get() + this.second.values.get();
		}

	}

	/**
	 * An open lease keeps its key, with what was put in: neither is lost to an eviction
	 * that has not seen it.
	 */
	@JCStressTest
	@Outcome(id = "1, put", expect = Expect.ACCEPTABLE, desc = "Leased, and held")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The lease is that of a key that has ended, or what was put is lost")
	@State
	public static class EvictAndLeaseAndPut {

		private final Stage stage = Stage.ofUser();

		public EvictAndLeaseAndPut() {
			this.stage.holding("old");
		}

		@Actor
		public void evict() {
			this.stage.evict();
		}

		@Actor
		public void leaseAndPut() {
			this.stage.lease();
			this.stage.put("put");
		}

		@Arbiter
		public void look(IL_Result result) {
			TokenLifecycle current = this.stage.current();
			HeldToken held = current.usable();
			result.r1 = current.isLeased() ? 1 : 0;
			result.r2 = (held != null) ? held.value() : "none";
		}

	}

	/**
	 * LC-14: a rejection that meets an evicted key counts for its successor: nobody gets
	 * the rejected token again, though it rests in the store.
	 */
	@JCStressTest
	@Outcome(id = "1, issued1", expect = Expect.ACCEPTABLE, desc = "Replaced once")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The rejected token came back, or was replaced twice")
	@State
	public static class RetireAndReject {

		private final Stage stage = Stage.ofUser();

		private final HeldToken token = this.stage.holding("rejected");

		private final Stage.Caller next = new Stage.Caller();

		@Actor
		public void retire() {
			this.stage.evict();
		}

		@Actor
		public void reject() {
			this.stage.key.reject(this.token);
		}

		@Arbiter
		public void look(IL_Result result) {
			this.stage.current().token().subscribe(this.next);
			result.r1 = this.stage.calls.get();
			result.r2 = this.next.value;
		}

	}

}
