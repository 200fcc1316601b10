package io.github.evertoken.lifecycle;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;
import org.openjdk.jcstress.infra.results.LLI_Result;

/**
 * The races between what a flight saves and the commands of the application, over a store
 * with versions.
 */
public class StoreRaces {

	/**
	 * LC-9: a removal has the last word over the save of a flight, in memory and in the
	 * store, and the waiter is told once.
	 */
	@JCStressTest
	@Outcome(id = "none, none, 1", expect = Expect.ACCEPTABLE, desc = "Removed")
	@Outcome(expect = Expect.FORBIDDEN, desc = "What was removed is back, or the waiter was forgotten")
	@State
	public static class SaveAndRemove {

		private final Stage.Caller waiter = new Stage.Caller();

		private final Stage stage = Stage.ofUser().inFlight(this.waiter);

		@Actor
		public void land() {
			this.stage.land();
		}

		@Actor
		public void remove() {
			this.stage.remove();
		}

		@Arbiter
		public void look(LLI_Result result) {
			result.r1 = this.stage.store.rests(Stage.ALICE);
			result.r2 = this.stage.held();
			result.r3 = this.waiter.told();
		}

	}

	/**
	 * LC-9: a token set that is put in has the last word over the save of a flight.
	 */
	@JCStressTest
	@Outcome(id = "put, put, 1", expect = Expect.ACCEPTABLE, desc = "Put")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Memory and store disagree, or the waiter was forgotten")
	@State
	public static class SaveAndPut {

		private final Stage.Caller waiter = new Stage.Caller();

		private final Stage stage = Stage.ofUser().inFlight(this.waiter);

		@Actor
		public void land() {
			this.stage.land();
		}

		@Actor
		public void put() {
			this.stage.put("put");
		}

		@Arbiter
		public void look(LLI_Result result) {
			result.r1 = this.stage.store.rests(Stage.ALICE);
			result.r2 = this.stage.held();
			result.r3 = this.waiter.told();
		}

	}

	/**
	 * LC-9: of a token set that is put in and a removal, memory and store agree which
	 * came last.
	 */
	@JCStressTest
	@Outcome(id = "put, put, 0", expect = Expect.ACCEPTABLE, desc = "Put last")
	@Outcome(id = "none, none, 0", expect = Expect.ACCEPTABLE, desc = "Removed last")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Memory and store disagree")
	@State
	public static class PutAndRemove {

		private final Stage stage = Stage.ofUser();

		@Actor
		public void put() {
			this.stage.put("put");
		}

		@Actor
		public void remove() {
			this.stage.remove();
		}

		@Arbiter
		public void look(LLI_Result result) {
			result.r1 = this.stage.store.rests(Stage.ALICE);
			result.r2 = this.stage.held();
			result.r3 = this.stage.calls.get();
		}

	}

	/**
	 * A caller that begins to wait for somebody to log in, while somebody does, gets the
	 * token.
	 */
	@JCStressTest
	@Outcome(id = "put, 1", expect = Expect.ACCEPTABLE, desc = "Found, or woken")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The caller waits for a sign-in that has been")
	@State
	public static class SignInAndPut {

		private final Stage.Caller caller = new Stage.Caller();

		private final Stage stage = Stage.ofUser().signedOut();

		@Actor
		public void waitForSignIn() {
			this.stage.key.token().subscribe(this.caller);
		}

		@Actor
		public void put() {
			this.stage.put("put");
		}

		@Arbiter
		public void look(LI_Result result) {
			result.r1 = this.caller.value;
			result.r2 = this.caller.told();
		}

	}

}
