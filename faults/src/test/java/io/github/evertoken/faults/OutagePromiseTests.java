package io.github.evertoken.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.faults.Application.Call;
import io.github.evertoken.faults.Application.Outcome;
import io.github.evertoken.faults.FaultWorld.Grant;
import io.github.evertoken.test.support.LogLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What callers notice of an issuer in trouble, told over real HTTP.
 */
class OutagePromiseTests {

	private static final int USERS = 40;

	private PromiseWorld world = new PromiseWorld();

	private final LogLines log = new LogLines("io.github.evertoken.lifecycle");

	@AfterEach
	void close() {
		this.world.close();
		this.log.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "REFUSED", "RESET_BEFORE_REQUEST", "RESET_AFTER_REQUEST", "CUT_IN_BODY", "UNAVAILABLE" })
	@Tag("LC-2")
	void callWhenOneRequestFailsAtAColdStartThenNoneOfManyCallersFails(Fault fault) {
		Application application = startWithOwnGrant();
		this.world.faultOnce(fault);
		List<Call> calls = application.begin(50, null);
		assertThat(calls).extracting(Call::outcome).allSatisfy((outcome) -> {
			assertThat(outcome.isAnswered()).isTrue();
			assertThat(outcome.took()).isLessThan(Duration.ofMillis(100));
		});
		assertThat(this.world.requests()).hasSize(2);
	}

	@Test
	@Tag("LC-2")
	void outageWhenItIsShorterThanPatienceThenCostsNoCall() {
		Application application = startWithOwnGrant();
		this.world.fault(Fault.UNAVAILABLE);
		List<Call> calls = new ArrayList<>();
		for (int i = 0; i < 25; i++) {
			calls.add(application.begin(null, Application.ITEMS));
			this.world.pass(Duration.ofMillis(100));
		}
		this.world.fault(Fault.NONE);
		assertThat(calls).extracting(Call::outcome).allMatch(Outcome::isAnswered);
	}

	@Test
	@Tag("LC-2")
	void outageWhenItLastsThenAttemptsComeLessAndLessOften() {
		Application application = startWithOwnGrant();
		this.world.fault(Fault.UNAVAILABLE);
		application.call();
		List<Duration> pauses = pauses();
		assertThat(pauses.get(0)).isBetween(Duration.ofMillis(25), Duration.ofMillis(50));
		for (int i = 1; i < 5; i++) {
			assertThat(pauses.get(i).toMillis()).isBetween(2 * pauses.get(i - 1).toMillis() - 2,
					2 * pauses.get(i - 1).toMillis() + 2);
		}
	}

	@Test
	@Tag("LC-2")
	void outageWhenPatienceIsOverThenCallersFailAtOnceAndOneFlightInEachCooldownLooksAgain() {
		Application application = startWithOwnGrant();
		this.world.fault(Fault.UNAVAILABLE);
		List<Call> first = application.begin(20, null);
		assertThat(first).extracting(Call::outcome).allSatisfy((outcome) -> {
			assertThat(outcome.failure()).isInstanceOf(TransientTokenException.class).hasMessageContaining("503");
			assertThat(outcome.took()).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(3));
		});
		int before = this.world.requests().size();
		for (int i = 0; i < 60; i++) {
			assertThat(application.call()).satisfies((outcome) -> {
				assertThat(outcome.failure()).isInstanceOf(TransientTokenException.class).hasMessageContaining("503");
				assertThat(outcome.took()).isZero();
			});
			this.world.pass(Duration.ofSeconds(1));
		}
		// 60 s of cooldowns of 2.5 s.
		assertThat(this.world.requests().size() - before).isBetween(15, 25);
	}

	@Test
	@Tag("LC-2")
	void callWhenRenewalsHaveFailedInTheBackgroundThenTheirPauseDoesNotKeepIt() {
		Application application = startWithOwnGrant();
		assertThat(application.call().isAnswered()).isTrue();
		this.world.fault(Fault.UNAVAILABLE);
		Instant expiry = this.world.trueTime().plus(FaultWorld.LIFETIME);
		this.world.pass(FaultWorld.LIFETIME.multipliedBy(3).dividedBy(4));
		while (this.world.trueTime().isBefore(expiry.minusMillis(1200))) {
			assertThat(application.call().isAnswered()).isTrue();
			this.world.pass(Duration.ofSeconds(1));
		}
		assertThat(this.world.requests().size()).isGreaterThan(10);
		this.world.pass(Duration.between(this.world.trueTime(), expiry));
		this.world.fault(Fault.NONE);
		Outcome next = application.call();
		assertThat(next.isAnswered()).isTrue();
		assertThat(next.took()).isZero();
	}

	@Test
	@Tag("LC-2")
	void callWhenTheIssuerAsksForAPauseThatItCanWaitForThenWaitsForItAndIsAnswered() {
		Application application = startWithOwnGrant();
		this.world.faultOnce(Fault.UNAVAILABLE_FOR_2_S);
		Outcome outcome = application.call();
		assertThat(outcome.isAnswered()).isTrue();
		assertThat(pauses()).containsExactly(Duration.ofSeconds(2));
		assertThat(outcome.took()).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	@Tag("LC-2")
	void callWhenTheIssuerAsksForAPauseLongerThanItCanWaitThenFailsAtOnceAndItIsLeftAlone() {
		Application application = startWithOwnGrant();
		this.world.faultOnce(Fault.UNAVAILABLE_FOR_60_S);
		for (int i = 0; i < 59; i++) {
			assertThat(application.call()).satisfies((outcome) -> {
				assertThat(outcome.isAnswered()).isFalse();
				assertThat(outcome.took()).isZero();
			});
			this.world.pass(Duration.ofSeconds(1));
			assertThat(this.world.requests()).hasSize(1);
		}
		this.world.pass(Duration.ofSeconds(1));
		assertThat(application.call().isAnswered()).isTrue();
		assertThat(this.world.requests()).hasSize(2);
		assertThat(pauses()).containsExactly(Duration.ofSeconds(60));
	}

	@Test
	@Tag("LC-2")
	void callWhenItsRenewalWasAskedForAPauseLongerThanItCanWaitThenFailsAtOnce() {
		this.world.close();
		this.world = new PromiseWorld(Duration.ofSeconds(100), Duration.ZERO);
		Application application = startWithOwnGrant();
		assertThat(application.call().isAnswered()).isTrue();
		this.world.faultOnce(Fault.UNAVAILABLE_FOR_60_S);
		this.world.pass(Duration.ofSeconds(101));
		assertThat(this.world.requests()).hasSize(2);
		assertThat(application.call()).satisfies((outcome) -> {
			assertThat(outcome.failure()).isInstanceOf(TransientTokenException.class).hasMessageContaining("503");
			assertThat(outcome.took()).isZero();
		});
		this.world.pass(Duration.ofSeconds(30));
		Outcome next = application.call();
		assertThat(next.isAnswered()).isTrue();
		assertThat(next.took()).isPositive();
		assertThat(pauses()).last().isEqualTo(Duration.ofSeconds(60));
	}

	@Test
	@Tag("LC-7")
	void outageWhenManyUsersCallThenCostsAFewRequestsAndOneLineAMinute() {
		Application application = startWithUsers();
		this.world.fault(Fault.BUSY);
		assertThat(callAll(application)).extracting(Call::outcome).noneMatch(Outcome::isAnswered);
		// Nobody knows of the trouble as they begin, and one finds out for all
		// afterwards.
		assertThat(this.world.requests()).hasSizeBetween(USERS + 1, USERS + 10);
		for (int i = 0; i < 80; i++) {
			int user = i;
			this.world.pass(Duration.ofSeconds(1));
			assertThat(IntStream.range(0, 2).mapToObj((j) -> application.call(user((2 * user + j) % USERS))))
				.noneMatch(Outcome::isAnswered);
		}
		// 80 s of cooldowns of 2.5 s.
		assertThat(this.world.requests()).hasSizeLessThan(USERS + 45);
		assertThat(this.log.with("Next attempt in")).hasSize(2);
	}

	@Test
	@Tag("LC-7")
	void recoveryThenOneFindsOutAndTheOthersFollowByAndBy() {
		Application application = startWithUsers();
		this.world.fault(Fault.UNAVAILABLE);
		assertThat(callAll(application)).extracting(Call::outcome).noneMatch(Outcome::isAnswered);
		this.world.pass(Duration.ofSeconds(10));
		this.world.fault(Fault.SLOW_BY_1_S);
		Call probe = application.begin(user(0), Application.ITEMS);
		List<Integer> atATime = new ArrayList<>();
		this.world.pass(Duration.ofMillis(500));
		atATime.add(this.world.underway());
		assertThat(callAll(application)).filteredOn((call) -> !call.isOver())
			.as("those who would wait for the probe")
			.hasSizeLessThanOrEqualTo(1);
		assertThat(probe.outcome().isAnswered()).isTrue();
		List<Call> calls = callAll(application);
		for (int second = 0; second < 4; second++) {
			this.world.pass(Duration.ofMillis(500));
			atATime.add(this.world.underway());
			this.world.pass(Duration.ofMillis(500));
		}
		assertThat(atATime).startsWith(1, 2);
		assertThat(atATime.get(2)).isBetween(3, 8);
		assertThat(calls).extracting(Call::outcome).allMatch(Outcome::isAnswered);
		assertThat(this.world.issuer().alive()).isEqualTo(USERS);
	}

	@Test
	@Tag("LC-7")
	void recoveryWhenOneUserIsAnsweredThenNobodyFailsAnyMore() {
		Application application = startWithUsers();
		this.world.fault(Fault.UNAVAILABLE);
		assertThat(callAll(application)).extracting(Call::outcome).noneMatch(Outcome::isAnswered);
		this.world.fault(Fault.NONE);
		Supplier<Outcome> one = () -> application.call(user(0));
		Outcome first = one.get();
		while (!first.isAnswered()) {
			this.world.pass(Duration.ofMillis(100));
			first = one.get();
		}
		assertThat(callAll(application)).extracting(Call::outcome).allSatisfy((outcome) -> {
			assertThat(outcome.isAnswered()).isTrue();
			assertThat(outcome.took()).isZero();
		});
	}

	@Test
	@Tag("LC-7")
	void callWhenTheSessionOfAnotherUserHasEndedThenIsAnsweredAtOnce() {
		Application application = startWithUsers();
		application.logIn(user(0), "made-up");
		assertThat(application.call(user(0)).failure()).isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(callAll(application).subList(1, USERS)).extracting(Call::outcome).allSatisfy((outcome) -> {
			assertThat(outcome.isAnswered()).isTrue();
			assertThat(outcome.took()).isZero();
		});
		assertThat(this.log.with("Next attempt in")).isEmpty();
	}

	private Application startWithOwnGrant() {
		return this.world.start(Grant.OWN, (settings) -> {
		});
	}

	private Application startWithUsers() {
		Application application = this.world.start(Grant.ROTATING, (settings) -> {
		});
		IntStream.range(0, USERS).forEach((i) -> application.logIn(user(i), this.world.issuer().login()));
		return application;
	}

	private static String user(int number) {
		return "user-" + number;
	}

	private static List<Call> callAll(Application application) {
		return IntStream.range(0, USERS).mapToObj((i) -> application.begin(user(i), Application.ITEMS)).toList();
	}

	private List<Duration> pauses() {
		List<Instant> requests = this.world.requests();
		return IntStream.range(1, requests.size())
			.mapToObj((i) -> Duration.between(requests.get(i - 1), requests.get(i)))
			.toList();
	}

}
