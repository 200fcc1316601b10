package io.github.evertoken.lifecycle;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TransientTokenException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Flight}: its deadlines, and what is known of it. An answer may take 5
 * s, that to a refresh token 30 s, and patience is 3 s; a deadline has a second more.
 */
class FlightTests extends LifecycleFixture {

	private static final Moment START = new Moment(1000, 2000);

	private static final TransientTokenException LATE = new TransientTokenException(ALICE, "late", null);

	private Flight flight;

	private Attempt attempt;

	@BeforeEach
	void prepare() {
		this.flight = flight(Trigger.REJECTION);
		this.attempt = new Attempt(this.flight);
	}

	@Test
	@Tag("LC-1")
	@Tag("LC-4")
	void deadlineThenIsNoneBeforeAnAttemptBeginsAndThatOfTheAnswerAfterwards() {
		assertThat(this.flight.isOverdue(at(Long.MAX_VALUE - 1))).isFalse();
		this.flight.begins(this.attempt, START);
		assertThat(this.flight.isOverdue(at(6999))).isFalse();
		assertThat(this.flight.isOverdue(at(7000))).isTrue();
	}

	@Test
	@Tag("LC-3")
	void deadlineWhenARefreshTokenIsOnItsWayThenIsThatOfTheRefresh() {
		this.flight.begins(this.attempt, START);
		assertThat(this.flight.redeemed()).isNull();
		this.flight.redeems("r1", at(1500));
		assertThat(this.flight.isRedeeming()).isTrue();
		assertThat(this.flight.redeemed()).isEqualTo("r1");
		assertThat(this.flight.isOverdue(at(32_499))).isFalse();
		assertThat(this.flight.isOverdue(at(32_500))).isTrue();
		this.flight.answered(this.attempt);
		assertThat(this.flight.isRedeeming()).isFalse();
	}

	@Test
	@Tag("LC-1")
	void deadlineWhenTheNextAttemptComesLaterThenCountsFromThat() {
		this.flight.begins(this.attempt, START);
		this.flight.pauses(9000);
		assertThat(this.flight.isOverdue(at(14_999))).isFalse();
		assertThat(this.flight.isOverdue(at(15_000))).isTrue();
		this.flight.queues();
		assertThat(this.flight.isOverdue(at(Long.MAX_VALUE - 1))).isFalse();
	}

	@Test
	@Tag("LC-3")
	void deadlineWhenTheSetIsBeingSavedThenIsAfterTheLongestSaveAndNoSooner() {
		this.flight.begins(this.attempt, START);
		assertThat(this.flight.hasBrought()).isFalse();
		this.flight.brings(at(2000), 4000);
		assertThat(this.flight.hasBrought()).isTrue();
		assertThat(this.flight.isRedeeming()).isTrue();
		assertThat(this.flight.isOverdue(at(11_999))).isFalse();
		assertThat(this.flight.isOverdue(at(12_000))).isTrue();
		this.flight.redeems("r1", at(2000));
		this.flight.brings(at(2000), 4000);
		assertThat(this.flight.isOverdue(at(32_999))).isFalse();
		this.flight.begins(this.attempt, at(3000));
		assertThat(this.flight.hasBrought()).isFalse();
	}

	@Test
	@Tag("LC-9")
	void cancelThenNothingBringsItBack() {
		this.flight.begins(this.attempt, START);
		assertThat(this.flight.isCancelled()).isFalse();
		this.flight.cancel();
		assertThat(this.attempt.isEnded()).isTrue();
		this.flight.redeems("r1", START);
		assertThat(this.flight.isCancelled()).isTrue();
		this.flight.pauses(9000);
		assertThat(this.flight.isCancelled()).isTrue();
		this.flight.queues();
		assertThat(this.flight.isCancelled()).isTrue();
		this.flight.brings(START, 4000);
		assertThat(this.flight.isCancelled()).isTrue();
	}

	@Test
	void cancelWhenNoAttemptHasBegunThenIsKnown() {
		this.flight.cancel();
		assertThat(this.flight.isCancelled()).isTrue();
		assertThat(this.attempt.isEnded()).isFalse();
	}

	@Test
	@Tag("LC-3")
	void abandonWhenNoRefreshTokenIsOnItsWayThenIsCancelled() {
		this.flight.begins(this.attempt, START);
		this.flight.abandon(START);
		assertThat(this.flight.isCancelled()).isTrue();
	}

	@Test
	@Tag("LC-3")
	void abandonWhenARefreshTokenIsOnItsWayThenGoesOnUntilItsDeadline() {
		this.flight.begins(this.attempt, START);
		this.flight.redeems("r1", START);
		this.flight.abandon(at(31_999));
		assertThat(this.flight.isCancelled()).isFalse();
		assertThat(this.attempt.isEnded()).isFalse();
		this.flight.abandon(at(32_000));
		assertThat(this.flight.isCancelled()).isTrue();
	}

	@Test
	@Tag("LC-4")
	void startedAtThenIsWhenTheFirstAttemptBegan() {
		assertThat(this.flight.attempts()).isZero();
		this.flight.begins(this.attempt, START);
		this.flight.begins(this.attempt, at(9000));
		assertThat(this.flight.attempts()).isEqualTo(2);
		assertThat(this.flight.startedAt()).isSameAs(START);
	}

	@Test
	@Tag("LC-3")
	void lostAnswerThenIsAskedForOnceMoreAndNotTwice() {
		assertThat(this.flight.lostAnswer().happens(START)).isTrue();
		assertThat(this.flight.lostAnswer().happens(at(1))).isFalse();
		assertThat(this.flight.lostAnswer().until()).isEqualTo(START.after(LostAnswer.LONGEST_GRACE));
	}

	@Test
	@Tag("LC-3")
	void hopelessWhenItIsLateThenAfterPatienceWithIt() {
		this.flight.begins(this.attempt, START);
		assertThat(this.flight.hopeless(at(99_000))).isNull();
		this.flight.isLate(LATE, at(6000));
		this.flight.isLate(new TransientTokenException(ALICE, "later", null), at(7000));
		assertThat(this.flight.hopeless(at(8999))).isNull();
		assertThat(this.flight.hopeless(at(9000))).isSameAs(LATE);
		this.flight.begins(this.attempt, at(9000));
		assertThat(this.flight.hopeless(at(99_000))).isNull();
	}

	@Test
	@Tag("LC-9")
	void disownThenIsKnown() {
		assertThat(this.flight.isDisowned()).isFalse();
		this.flight.disown();
		assertThat(this.flight.isDisowned()).isTrue();
	}

	@Test
	@Tag("LC-10")
	void learntThenIsTheNewerVersion() {
		KeyState state = new KeyState(null, null, 4, Conditions.NONE);
		assertThat(this.flight.learnt(state)).isEqualTo(4);
		this.flight.learns(7);
		assertThat(this.flight.learnt(state)).isEqualTo(7);
		this.flight.learns(3);
		assertThat(this.flight.learnt(state)).isEqualTo(4);
	}

	@ParameterizedTest
	@Tag("LC-2")
	@EnumSource(names = { "USE", "EXPECTED_DURATION", "START" })
	void isAwaitedWhenWhoStartsItIsAboutToWaitThenUntilThatOneHasGone(Trigger trigger) {
		Flight flight = flight(trigger);
		assertThat(flight.isAwaited()).isTrue();
		assertThat(flight.isWanted()).isTrue();
		TestSubscriber<HeldToken> waiter = waiterOf(flight);
		assertThat(flight.isAwaited()).isTrue();
		waiter.cancel();
		assertThat(flight.isAwaited()).isFalse();
		assertThat(flight.isWanted()).isTrue();
	}

	@ParameterizedTest
	@Tag("LC-2")
	@EnumSource(names = { "RENEWAL_TIME", "REJECTION" })
	void isAwaitedWhenNobodyIsAboutToWaitThenWhileSomebodyDoes(Trigger trigger) {
		Flight flight = flight(trigger);
		assertThat(flight.isAwaited()).isFalse();
		assertThat(flight.isWanted()).isEqualTo(trigger == Trigger.REJECTION);
		TestSubscriber<HeldToken> waiter = waiterOf(flight);
		assertThat(flight.isAwaited()).isTrue();
		assertThat(flight.isWanted()).isTrue();
		waiter.cancel();
		assertThat(flight.isAwaited()).isFalse();
	}

	private Flight flight(Trigger trigger) {
		TokenLifecycle key = lifecycle(ALICE);
		return key.prepare(key.state(), trigger, at(0));
	}

	private static TestSubscriber<HeldToken> waiterOf(Flight flight) {
		TestSubscriber<HeldToken> waiter = TestSubscriber.create();
		new Waiter(flight, Long.MAX_VALUE, Trigger.USE).subscribe(waiter);
		return waiter;
	}

	private static Moment at(long mono) {
		return new Moment(mono, 0);
	}

}
