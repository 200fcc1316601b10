package io.github.evertoken.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.faults.Application.Call;
import io.github.evertoken.faults.Application.Outcome;
import io.github.evertoken.faults.FaultWorld.Grant;
import io.github.evertoken.test.support.NoThreadOnce;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long callers wait, told over real HTTP.
 */
class WaitingPromiseTests {

	private final PromiseWorld world = new PromiseWorld();

	@AfterEach
	void close() {
		this.world.close();
	}

	@Test
	@Tag("LC-1")
	void callWhenTheIssuerHangsThenWaitsForItsMaxWaitAndNoLonger() {
		Application application = this.world.start(Grant.OWN, (settings) -> settings.maxWait(Duration.ofSeconds(2)));
		this.world.fault(Fault.HANGS);
		List<Call> calls = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			calls.add(application.begin(null, Application.ITEMS));
			this.world.pass(Duration.ofMillis(50));
		}
		assertThat(calls).extracting(Call::outcome).allSatisfy((outcome) -> {
			assertThat(outcome.failure()).isInstanceOf(TransientTokenException.class).hasMessageContaining("max-wait");
			assertThat(outcome.took()).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2020));
		});
	}

	@Test
	@Tag("LC-1")
	void callWhenTheIssuerHungThenIsAnsweredAfterTheDeadlineOfTheFlight() {
		Application application = this.world.start(Grant.OWN, (settings) -> settings.maxWait(Duration.ofMinutes(1)));
		this.world.faultOnce(Fault.HANGS);
		assertThat(application.call()).satisfies((outcome) -> {
			assertThat(outcome.isAnswered()).isTrue();
			assertThat(outcome.took()).isBetween(Duration.ofSeconds(5), Duration.ofMillis(5200));
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3 })
	@Tag("LC-1")
	void callWhenThereIsNoThreadOnceThenIsAnswered(int failing) {
		Application application = this.world.start(this.world.tokenIssuer(Grant.OWN), (settings) -> {
		}, new NoThreadOnce(this.world.time().scheduler(), new AtomicInteger(failing)));
		Outcome first = application.call();
		assertThat(first.isAnswered()).isTrue();
		assertThat(first.took()).isLessThan(Duration.ofSeconds(1));
		assertThat(application.call().took()).isZero();
	}

	@Test
	@Tag("LC-1")
	void callWhenTheIssuerIsDeafThenTheKeyHealsByItself() {
		TokenIssuer issuer = this.world.tokenIssuer(Grant.OWN);
		AtomicBoolean deaf = new AtomicBoolean(true);
		Application application = this.world.start(
				(request) -> deaf.getAndSet(false) ? new Deaf<>() : issuer.issue(request),
				(settings) -> settings.maxWait(Duration.ofSeconds(1)));
		assertThat(application.call().took()).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1020));
		this.world.pass(Duration.ofSeconds(5));
		Outcome next = application.call();
		assertThat(next.isAnswered()).isTrue();
		assertThat(next.took()).isLessThan(Duration.ofMillis(100));
	}

	@Test
	@Tag("LC-4")
	void callWhenManyUsersNeedATokenAtOnceThenTheirFlightsQueueBeforeTheirClockStarts() {
		int users = 120;
		Application application = this.world.start(Grant.ROTATING,
				(settings) -> settings.maxConcurrentRequests(8).maxWait(Duration.ofMinutes(1)));
		IntStream.range(0, users).forEach((i) -> application.logIn("user-" + i, this.world.issuer().login()));
		this.world.fault(Fault.SLOW_BY_1_S);
		List<Call> calls = IntStream.range(0, users)
			.mapToObj((i) -> application.begin("user-" + i, Application.ITEMS))
			.toList();
		assertThat(calls).extracting(Call::outcome).allMatch(Outcome::isAnswered);
		assertThat(calls).extracting(Call::outcome)
			.anyMatch((outcome) -> outcome.took().compareTo(Duration.ofSeconds(14)) > 0);
		assertThat(this.world.mostUnderway()).isEqualTo(8);
		assertThat(this.world.issuer().requests()).isEqualTo(users);
		assertThat(this.world.issuer().alive()).isEqualTo(users);
	}

	/**
	 * Never answers, and fails when it is cancelled.
	 */
	private static final class Deaf<T> extends Mono<T> implements Subscription {

		@Override
		public void subscribe(CoreSubscriber<? super T> actual) {
			actual.onSubscribe(this);
		}

		@Override
		public void request(long n) {
			// It never answers.
		}

		@Override
		public void cancel() {
			throw new IllegalStateException("broken");
		}

	}

}
