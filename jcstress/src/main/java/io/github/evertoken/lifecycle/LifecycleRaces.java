package io.github.evertoken.lifecycle;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ILL_Result;
import org.openjdk.jcstress.infra.results.IL_Result;
import org.openjdk.jcstress.infra.results.LI_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * The races between the transitions of one key: renew × reject × put × remove × close.
 */
public class LifecycleRaces {

	/**
	 * SF-1: two callers at an empty key cause one call and get the same token.
	 */
	@JCStressTest
	@Outcome(id = "1, issued1, issued1", expect = Expect.ACCEPTABLE, desc = "One call, shared")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Two calls, or a caller without a token")
	@State
	public static class UseAndUse {

		private final Stage stage = new Stage();

		private final Stage.Caller first = new Stage.Caller();

		private final Stage.Caller second = new Stage.Caller();

		@Actor
		public void useFirst() {
			this.stage.key.token().subscribe(this.first);
		}

		@Actor
		public void useSecond() {
			this.stage.key.token().subscribe(this.second);
		}

		@Arbiter
		public void look(ILL_Result result) {
			result.r1 = this.stage.calls.get();
			result.r2 = this.first.value;
			result.r3 = this.second.value;
		}

	}

	/**
	 * RJ-2: two rejections of one token cause one renewal.
	 */
	@JCStressTest
	@Outcome(id = "1, issued1", expect = Expect.ACCEPTABLE, desc = "One renewal")
	@Outcome(expect = Expect.FORBIDDEN, desc = "None, or two")
	@State
	public static class RejectAndReject {

		private final Stage stage = new Stage();

		private final HeldToken token = this.stage.holding("put");

		@Actor
		public void rejectFirst() {
			this.stage.key.reject(this.token);
		}

		@Actor
		public void rejectSecond() {
			this.stage.key.reject(this.token);
		}

		@Arbiter
		public void look(IL_Result result) {
			result.r1 = this.stage.calls.get();
			result.r2 = this.stage.held();
		}

	}

	/**
	 * A token that is due is renewed once, whether a caller or a rejection comes first.
	 */
	@JCStressTest
	@Outcome(id = "1, issued1", expect = Expect.ACCEPTABLE, desc = "One renewal")
	@Outcome(expect = Expect.FORBIDDEN, desc = "None, or two")
	@State
	public static class RenewAndReject {

		private final Stage stage = new Stage();

		private final HeldToken token = this.stage.holding("put");

		public RenewAndReject() {
			this.stage.untilDue();
		}

		@Actor
		public void renew() {
			this.stage.key.usable();
		}

		@Actor
		public void reject() {
			this.stage.key.reject(this.token);
		}

		@Arbiter
		public void look(IL_Result result) {
			result.r1 = this.stage.calls.get();
			result.r2 = this.stage.held();
		}

	}

	/**
	 * A token set that is put in has the last word, whatever a renewal brings: once the
	 * old token is due, or once the new one is in, nothing but the new one is held.
	 */
	@JCStressTest
	@Outcome(id = "put, 1", expect = Expect.ACCEPTABLE, desc = "Put while or after the renewal")
	@Outcome(id = "put, 0", expect = Expect.ACCEPTABLE, desc = "Put before it")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The renewal of the old token set overwrote the new one")
	@State
	public static class RenewAndPut {

		private final Stage stage = new Stage();

		public RenewAndPut() {
			this.stage.holding("old");
			this.stage.untilDue();
		}

		@Actor
		public void renew() {
			this.stage.key.usable();
		}

		@Actor
		public void put() {
			this.stage.put("put");
		}

		@Arbiter
		public void look(LI_Result result) {
			result.r1 = this.stage.held();
			result.r2 = this.stage.calls.get();
		}

	}

	/**
	 * A token set that is put in has the last word over the rejection of the old token.
	 */
	@JCStressTest
	@Outcome(id = "put, 1", expect = Expect.ACCEPTABLE, desc = "Rejected first")
	@Outcome(id = "put, 0", expect = Expect.ACCEPTABLE, desc = "Put first: the rejection is late")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The new token set was lost")
	@State
	public static class RejectAndPut {

		private final Stage stage = new Stage();

		private final HeldToken token = this.stage.holding("old");

		@Actor
		public void reject() {
			this.stage.key.reject(this.token);
		}

		@Actor
		public void put() {
			this.stage.put("put");
		}

		@Arbiter
		public void look(LI_Result result) {
			result.r1 = this.stage.held();
			result.r2 = this.stage.calls.get();
		}

	}

	/**
	 * A flight that lands while a token set is put in: what was put stays, and the waiter
	 * gets one of the two.
	 */
	@JCStressTest
	@Outcome(id = "put, landed", expect = Expect.ACCEPTABLE, desc = "Landed first")
	@Outcome(id = "put, put", expect = Expect.ACCEPTABLE, desc = "Put first")
	@Outcome(expect = Expect.FORBIDDEN, desc = "The new token set was lost, or the waiter forgotten")
	@State
	public static class LandAndPut {

		private final Stage.Caller waiter = new Stage.Caller();

		private final Stage stage = new Stage().inFlight(this.waiter);

		@Actor
		public void land() {
			this.stage.land();
		}

		@Actor
		public void put() {
			this.stage.put("put");
		}

		@Arbiter
		public void look(LL_Result result) {
			result.r1 = this.stage.held();
			result.r2 = this.waiter.value;
		}

	}

	/**
	 * A flight that lands while the key is signed out: nothing is held afterwards, and
	 * the waiter is told once.
	 */
	@JCStressTest
	@Outcome(id = "none, 1", expect = Expect.ACCEPTABLE, desc = "Signed out, and the waiter told once")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Signed in again by a late flight, or the waiter forgotten")
	@State
	public static class LandAndRemove {

		private final Stage.Caller waiter = new Stage.Caller();

		private final Stage stage = new Stage().inFlight(this.waiter);

		@Actor
		public void land() {
			this.stage.land();
		}

		@Actor
		public void remove() {
			this.stage.remove();
		}

		@Arbiter
		public void look(LI_Result result) {
			result.r1 = this.stage.held();
			result.r2 = this.waiter.told();
		}

	}

	/**
	 * RN-6: a flight that lands while the manager is closed: nothing is held, no timer is
	 * left, and the waiter is told once.
	 */
	@JCStressTest
	@Outcome(id = "0, none, 1", expect = Expect.ACCEPTABLE, desc = "Closed, and the waiter told once")
	@Outcome(expect = Expect.FORBIDDEN, desc = "A timer survived, or the waiter was forgotten")
	@State
	public static class LandAndClose {

		private final Stage.Caller waiter = new Stage.Caller();

		private final Stage stage = new Stage().inFlight(this.waiter);

		@Actor
		public void land() {
			this.stage.land();
		}

		@Actor
		public void close() {
			this.stage.close();
		}

		@Arbiter
		public void look(ILL_Result result) {
			result.r1 = this.stage.runningTimers();
			result.r2 = this.stage.held();
			result.r3 = this.waiter.told();
		}

	}

	/**
	 * A rejection, a token set that is put in and the end of the manager: it is closed,
	 * holds nothing and has no timer, whatever came before.
	 */
	@JCStressTest
	@Outcome(id = "0, none", expect = Expect.ACCEPTABLE, desc = "Closed")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Something survived")
	@State
	public static class RejectAndPutAndClose {

		private final Stage stage = new Stage();

		private final HeldToken token = this.stage.holding("old");

		@Actor
		public void rejectAndPut() {
			this.stage.key.reject(this.token);
			this.stage.put("put");
		}

		@Actor
		public void close() {
			this.stage.close();
		}

		@Arbiter
		public void look(IL_Result result) {
			result.r1 = this.stage.runningTimers();
			result.r2 = this.stage.held();
		}

	}

	/**
	 * Two token sets that are put in at the same time leave one timer.
	 */
	@JCStressTest
	@Outcome(id = "1, a", expect = Expect.ACCEPTABLE, desc = "The first was last")
	@Outcome(id = "1, b", expect = Expect.ACCEPTABLE, desc = "The second was last")
	@Outcome(expect = Expect.FORBIDDEN, desc = "No timer, or two")
	@State
	public static class PutAndPut {

		private final Stage stage = new Stage();

		@Actor
		public void putFirst() {
			this.stage.put("a");
		}

		@Actor
		public void putSecond() {
			this.stage.put("b");
		}

		@Arbiter
		public void look(IL_Result result) {
			result.r1 = this.stage.runningTimers();
			result.r2 = this.stage.held();
		}

	}

}
