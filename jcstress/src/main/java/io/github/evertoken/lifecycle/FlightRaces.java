package io.github.evertoken.lifecycle;

import java.time.Instant;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TransientTokenException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The races between a {@link Flight} that lands and its waiters.
 */
public class FlightRaces {

	private static final TokenKey KEY = TokenKey.of("client");

	private static final HeldToken TOKEN = new HeldToken("Bearer", "t", Instant.EPOCH, Instant.EPOCH.plusSeconds(1), 1,
			200, 0);

	private static Flight flight() {
		return new Flight(new Stage().key, Trigger.USE, KeyState.EMPTY, null, new Moment(0, 0));
	}

	private static void enter(Flight flight, Stage.Caller waiter) {
		new Waiter(flight, Long.MAX_VALUE, Trigger.USE).subscribe(waiter);
	}

	/**
	 * A waiter that comes while the flight lands is in the queue or sees that it has
	 * landed: it is woken once in either case.
	 */
	@JCStressTest
	@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Woken once")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Forgotten, or woken twice")
	@State
	public static class JoinWhileLanding {

		private final Flight flight = flight();

		private final Stage.Caller waiter = new Stage.Caller();

		@Actor
		public void join() {
			enter(this.flight, this.waiter);
		}

		@Actor
		public void land() {
			this.flight.room().wakeWith(TOKEN, Ending.LANDED);
		}

		@Arbiter
		public void count(II_Result result) {
			result.r1 = this.waiter.values.get();
			result.r2 = this.waiter.errors.get();
		}

	}

	/**
	 * Two waiters that come at the same time do not push each other out of the queue, and
	 * the landing that follows wakes both. (Two actors, for jcstress leaves a test out
	 * where there are fewer processors than actors.)
	 */
	@JCStressTest
	@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Each woken once")
	@Outcome(expect = Expect.FORBIDDEN, desc = "One forgotten, or woken twice")
	@State
	public static class TwoJoinWhileLanding {

		private final Flight flight = flight();

		private final Stage.Caller first = new Stage.Caller();

		private final Stage.Caller second = new Stage.Caller();

		@Actor
		public void joinFirst() {
			enter(this.flight, this.first);
		}

		@Actor
		public void joinSecondAndLand() {
			enter(this.flight, this.second);
			this.flight.room().wakeWith(TOKEN, Ending.LANDED);
		}

		@Arbiter
		public void count(II_Result result) {
			result.r1 = this.first.values.get();
			result.r2 = this.second.values.get();
		}

	}

	/**
	 * Demand that comes while the flight lands gets the token once.
	 */
	@JCStressTest
	@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Given once")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Never given, or twice")
	@State
	public static class RequestWhileLanding {

		private final Flight flight = flight();

		private final Stage.Caller waiter = new Stage.Caller(0);

		public RequestWhileLanding() {
			enter(this.flight, this.waiter);
		}

		@Actor
		public void request() {
			this.waiter.request(1);
		}

		@Actor
		public void land() {
			this.flight.room().wakeWith(TOKEN, Ending.LANDED);
		}

		@Arbiter
		public void count(II_Result result) {
			result.r1 = this.waiter.values.get();
			result.r2 = this.waiter.errors.get();
		}

	}

	/**
	 * A waiter that cancels while the flight lands is told once or not at all, and the
	 * one beside it is told in any case.
	 */
	@JCStressTest
	@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Cancelled in time")
	@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Cancelled too late")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Told twice, or the other one forgotten")
	@State
	public static class CancelWhileLanding {

		private final Flight flight = flight();

		private final Stage.Caller leaver = new Stage.Caller();

		private final Stage.Caller stayer = new Stage.Caller();

		public CancelWhileLanding() {
			enter(this.flight, this.stayer);
			enter(this.flight, this.leaver);
		}

		@Actor
		public void cancel() {
			this.leaver.cancel();
		}

		@Actor
		public void land() {
			this.flight.room().wakeWith(TOKEN, Ending.LANDED);
		}

		@Arbiter
		public void count(II_Result result) {
			result.r1 = this.leaver.values.get();
			result.r2 = this.stayer.values.get();
		}

	}

	/**
	 * Of two landings the first counts, for every waiter.
	 */
	@JCStressTest
	@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The token was first")
	@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The failure was first")
	@Outcome(expect = Expect.FORBIDDEN, desc = "Told both, or neither")
	@State
	public static class LandTwice {

		private final Flight flight = flight();

		private final Stage.Caller waiter = new Stage.Caller();

		public LandTwice() {
			enter(this.flight, this.waiter);
		}

		@Actor
		public void land() {
			this.flight.room().wakeWith(TOKEN, Ending.LANDED);
		}

		@Actor
		public void fail() {
			this.flight.room().failWith(new TransientTokenException(KEY, "closed", null), Ending.CANCELLED);
		}

		@Arbiter
		public void count(II_Result result) {
			result.r1 = this.waiter.values.get();
			result.r2 = this.waiter.errors.get();
		}

	}

}
