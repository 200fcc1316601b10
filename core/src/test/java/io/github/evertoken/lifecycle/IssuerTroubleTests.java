package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TransientTokenException;

import io.github.evertoken.lifecycle.Runway.Admission;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IssuerCondition}.
 */
@Tag("LC-7")
class IssuerTroubleTests {

	private static final TokenKey KEY = TokenKey.of("client");

	private static final long LONGEST_WAIT = 10_000;

	private final List<Long> alarms = new ArrayList<>();

	private long now = 1_000_000;

	private final ManagerResources resources = new ManagerResources(Schedulers.immediate(), new Timer() {
		@Override
		Disposable start(long millis, Runnable task) {
			IssuerTroubleTests.this.alarms.add(millis);
			return Disposables.disposed();
		}
	}, Time.of(() -> Instant.ofEpochMilli(this.now), () -> this.now * 1_000_000), TokenStore.inMemory(), () -> 0,
			new EventStream(), List.of(), null, UnaryOperator.identity());

	private final IssuerCondition condition = new IssuerCondition(this.resources);

	private final Backoff backoff = new Backoff(500, 30_000, 3000);

	@Test
	void admitWhenAllIsWellThenEverybodyGoes() {
		assertThat(this.condition.admit(true, now())).isEqualTo(Admission.NOW);
		assertThat(this.condition.admit(false, now())).isEqualTo(Admission.NOW);
		assertThat(this.condition.rampLength()).isGreaterThan(1000);
		assertThat(this.condition.isTroubled()).isFalse();
		assertThat(this.condition.isResting(now())).isFalse();
		assertThat(this.condition.restsUntil()).isEqualTo(Long.MIN_VALUE);
		assertThat(failsAtOnce(true)).isNull();
	}

	@Test
	void failedWhenSomebodyWaitsThenItIsPatientAndPausesAreShort() {
		IssuerVerdict verdict = failed(null, true, 1);
		assertThat(verdict).isEqualTo(new IssuerVerdict(true, this.now + 50, this.now + 3000));
		assertThat(this.condition.restsUntil()).isEqualTo(this.now + 50);
		assertThat(this.alarms).containsExactly(50L, 3000L);
		assertThat(failsAtOnce(true)).isNull();
		this.now += 60;
		assertThat(failed(null, true, 1).nextAttempt()).isEqualTo(this.now + 100);
	}

	@Test
	void failedWhenNobodyWaitsThenPausesAreLongAndConcernNoCaller() {
		IssuerVerdict verdict = failed(null, false, 1);
		assertThat(verdict.goesOn()).isFalse();
		assertThat(verdict.nextAttempt()).isEqualTo(this.now + 500);
		assertThat(this.alarms).containsExactly(500L);
		assertThat(failsAtOnce(true)).isNull();
		assertThat(this.condition.isResting(now())).isTrue();
		assertThat(this.condition.admit(false, now())).isEqualTo(Admission.LATER);
		assertThat(this.condition.admit(true, now())).isEqualTo(Admission.PROBE);
	}

	@Test
	void admitWhenThereIsTroubleThenOneFindsOut() {
		failed(null, true, 1);
		assertThat(this.condition.admit(true, now())).isEqualTo(Admission.LATER);
		this.now += 50;
		assertThat(this.condition.isResting(now())).isFalse();
		assertThat(this.condition.admit(true, now())).isEqualTo(Admission.PROBE);
		assertThat(this.condition.isResting(now())).isTrue();
		assertThat(this.condition.admit(true, now())).isEqualTo(Admission.LATER);
		this.condition.probeEnded();
		assertThat(this.condition.admit(true, now())).isEqualTo(Admission.PROBE);
	}

	@Test
	void answeredThenAllIsWellAndTheOthersFollowByAndBy() {
		failed(null, true, 1);
		assertThat(this.condition.rampLength()).isEqualTo(1);
		this.condition.answered(now());
		assertThat(this.condition.isTroubled()).isFalse();
		assertThat(this.condition.rampLength()).isEqualTo(2);
		this.condition.answered(now());
		assertThat(this.condition.rampLength()).isEqualTo(4);
		for (int i = 0; i < 40; i++) {
			this.condition.answered(now());
		}
		assertThat(this.condition.rampLength()).isEqualTo(Integer.MAX_VALUE / 4);
	}

	@Test
	void failedWhenPatienceIsOverThenCallersFailAtOnceWithTheLastFailure() {
		failed(null, true, 1);
		this.now += 3000;
		IssuerVerdict verdict = failed(null, true, 1);
		assertThat(verdict.goesOn()).isFalse();
		assertThat(verdict.nextAttempt()).isEqualTo(this.now + 1000);
		assertThat(failsAtOnce(false)).isNotNull().hasMessageContaining("down");
		this.now += 1000;
		assertThat(failsAtOnce(false)).isNull();
		assertThat(failsAtOnce(true)).isNotNull();
	}

	@Test
	void failedWhenTheNextAttemptComesAfterPatienceThenCallersFailAtOnce() {
		IssuerVerdict verdict = failed(Duration.ofSeconds(5), true, 1);
		assertThat(verdict).isEqualTo(new IssuerVerdict(false, this.now + 5000, this.now + 3000));
		assertThat(failsAtOnce(false)).isNotNull();
	}

	@Test
	void failedWhenTheIssuerAsksForAPauseThenNoCallerIsFirst() {
		failed(Duration.ofSeconds(5), false, 1);
		assertThat(this.condition.admit(true, now())).isEqualTo(Admission.LATER);
		assertThat(failsAtOnce(false)).isNull();
		failed(Duration.ofSeconds(11), false, 1);
		assertThat(failsAtOnce(false)).isNotNull();
		this.now += 1000;
		assertThat(failsAtOnce(false)).isNull();
	}

	@Test
	void failedWhenTheAttemptBeganBeforeTheLastFailureThenCountsOnce() {
		failed(null, false, 1);
		IssuerVerdict same = this.condition.failed(failure(null), false, new Moment(this.now - 1, 0), now(),
				this.backoff, 1);
		assertThat(same.nextAttempt()).isEqualTo(this.now + 500);
		assertThat(failed(null, false, 1).nextAttempt()).isEqualTo(this.now + 1000);
	}

	@Test
	void failedWhenTheLastTroubleIsStaleThenBeginsAnew() {
		failed(null, true, 1);
		this.now += 50 + 30_000;
		assertThat(failed(null, false, 1).nextAttempt()).isEqualTo(this.now + 1000);
		this.now += 1000 + 30_001;
		assertThat(failsAtOnce(true)).isNull();
		assertThat(failed(null, true, 1)).isEqualTo(new IssuerVerdict(true, this.now + 50, this.now + 3000));
	}

	@Test
	void failedWhenOthersHaveBeenAnsweredMeanwhileThenIsThisAttemptsTrouble() {
		this.condition.answered(now());
		IssuerVerdict verdict = this.condition.failed(failure(null), true, before(1), now(), this.backoff, 1);
		assertThat(verdict).isEqualTo(new IssuerVerdict(true, this.now + 50, this.now + 3000));
		assertThat(this.condition.isTroubled()).isFalse();
		assertThat(this.alarms).isEmpty();
	}

	@Test
	void failedWhenNobodyWasAnsweredSinceItBeganThenIsTrouble() {
		this.condition.answered(now());
		failed(null, true, 1);
		assertThat(this.condition.isTroubled()).isTrue();
	}

	@Test
	void failedWhenOthersHaveBeenAnsweredAndNobodyIsPatientThenIsTrouble() {
		this.condition.answered(now());
		this.condition.failed(failure(null), true, before(1), now(), new Backoff(500, 30_000, 0), 1);
		assertThat(this.condition.isTroubled()).isTrue();
	}

	@Test
	void failedWhenOthersHaveBeenAnsweredAndItAsksForAPauseThenIsTrouble() {
		this.condition.answered(now());
		this.condition.failed(failure(Duration.ofSeconds(5)), true, before(1), now(), this.backoff, 1);
		assertThat(this.condition.isTroubled()).isTrue();
		assertThat(this.condition.restsUntil()).isEqualTo(this.now + 5000);
	}

	@Test
	void failedWhenTheIssuerStillAsksForAPauseThenThatStands() {
		failed(Duration.ofSeconds(5), false, 1);
		long asked = this.now + 5000;
		this.now += 4999;
		assertThat(failed(null, false, 1).nextAttempt()).isEqualTo(this.now + 1000);
		assertThat(this.condition.admit(true, now())).isEqualTo(Admission.LATER);
		this.now = asked + 999;
		assertThat(this.condition.admit(true, now())).isEqualTo(Admission.PROBE);
	}

	@Test
	void failedWhenTheIssuerAskedForAShortPauseThenTheLongerOneStands() {
		failed(Duration.ofSeconds(50), false, 1);
		this.now += 10;
		assertThat(failed(null, false, 1).nextAttempt()).isEqualTo(this.now - 10 + 50_000);
	}

	@Test
	void failedWhenThePauseThatItAskedForIsOverThenACallerIsFirstAgain() {
		failed(Duration.ofSeconds(5), false, 1);
		this.now += 5000;
		failed(null, false, 1);
		assertThat(this.condition.admit(true, now())).isEqualTo(Admission.PROBE);
	}

	@Test
	@Tag("LC-2")
	void failedWhenTheNextAttemptWouldComeTooLateThenOneIsMadeShortlyBeforePatienceEnds() {
		long end = this.now + 3000;
		for (int i = 0; i < 5; i++) {
			failed(null, true, 1);
			this.now += 1;
		}
		this.now = end - 1400;
		assertThat(failed(null, true, 1)).isEqualTo(new IssuerVerdict(true, end - 250, end));
		this.now = end - 250;
		assertThat(failed(null, true, 1)).isEqualTo(new IssuerVerdict(false, end, end));
	}

	@Test
	@Tag("LC-2")
	void failedWhenTheNextAttemptComesAsPatienceEndsThenItIsMadeSooner() {
		long end = this.now + 3000;
		for (int i = 0; i < 5; i++) {
			failed(null, true, 1);
			this.now += 1;
		}
		this.now = end - 1600;
		assertThat(failed(null, true, 1)).isEqualTo(new IssuerVerdict(true, end - 250, end));
	}

	@Test
	void failsAtOnceThenFromTheMillisecondAtWhichPatienceEnds() {
		failed(Duration.ofSeconds(3), true, 1);
		assertThat(failsAtOnce(false)).isNotNull();
		this.condition.answered(now());
		failed(null, true, 0);
		this.now += 2999;
		assertThat(failsAtOnce(true)).isNull();
		this.now += 1;
		assertThat(failsAtOnce(true)).isNotNull();
	}

	@Test
	void answeredThenTheNextTroubleIsAnotherOne() {
		failed(null, true, 1);
		failed(null, true, 1);
		int before = this.condition.epoch();
		this.condition.answered(now());
		assertThat(this.condition.epoch()).isEqualTo(before + 1);
		this.condition.answered(now());
		assertThat(this.condition.epoch()).isEqualTo(before + 1);
		assertThat(failed(null, true, 1)).isEqualTo(new IssuerVerdict(true, this.now + 50, this.now + 3000));
	}

	@Test
	void copyForThenIsOfTheOtherKey() {
		TransientTokenException copy = TroubleLog.copyFor(TokenKey.of("other"), failure(Duration.ofSeconds(3)));
		assertThat(copy.client()).isEqualTo("other");
		assertThat(copy.retryAfter()).isEqualTo(Duration.ofSeconds(3));
	}

	private IssuerVerdict failed(@Nullable Duration retryAfter, boolean awaited, double luck) {
		return this.condition.failed(failure(retryAfter), awaited, now(), now(), this.backoff, luck);
	}

	private @Nullable TransientTokenException failsAtOnce(boolean joining) {
		return this.condition.failsAtOnce(KEY, now(), LONGEST_WAIT, joining);
	}

	private static TransientTokenException failure(@Nullable Duration retryAfter) {
		return new TransientTokenException(KEY, "down", null, null, retryAfter, null);
	}

	private Moment now() {
		return new Moment(this.now, this.now);
	}

	private Moment before(long millis) {
		return new Moment(this.now - millis, this.now - millis);
	}

}
