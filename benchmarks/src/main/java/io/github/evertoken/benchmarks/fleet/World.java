package io.github.evertoken.benchmarks.fleet;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What all that takes part in a scenario has in common: a time, chance, and ways between
 * each other.
 *
 * @param scenario what is gone through
 * @param time the time, simulated or real
 * @param nanos what time it is, in nanoseconds
 * @param random chance
 * @param course what came of it
 */
record World(Scenario scenario, Scheduler time, LongSupplier nanos, Random random, Course course) {

	static World simulated(Scenario scenario, SimulatedTime time) {
		return new World(scenario, time, () -> time.now(TimeUnit.NANOSECONDS));
	}

	static World real(Scenario scenario, Scheduler threads) {
		return new World(scenario, threads, System::nanoTime);
	}

	private World(Scenario scenario, Scheduler time, LongSupplier nanos) {
		this(scenario, time, nanos, new Random(scenario.seed()), new Course(scenario, nanos));
	}

	boolean isSimulated() {
		return this.time instanceof SimulatedTime;
	}

	void after(Duration pause, Runnable task) {
		this.time.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Send a request, which is answered.
	 * @param there how long it is on its way
	 * @param server makes the answer, and says when it arrives
	 * @param <T> what is answered
	 * @return the answer
	 */
	<T> Mono<T> send(Duration there, Supplier<@Nullable Answer<T>> server) {
		return Mono.create((sink) -> after(there, () -> {
			Answer<T> answer = server.get();
			if (answer != null) {
				after(answer.back(), () -> {
					if (answer.failure() != null) {
						sink.error(answer.failure());
					}
					else {
						sink.success(answer.value());
					}
				});
			}
		}));
	}

	boolean happens(Scenario.Incident incident) {
		Duration passed = this.course.passed();
		return this.scenario.incident() == incident && passed.compareTo(this.scenario.from()) >= 0
				&& passed.compareTo(this.scenario.until()) < 0;
	}

	/**
	 * What a server answers.
	 *
	 * @param value the value, {@code null} for none
	 * @param failure the failure, {@code null} if it is none
	 * @param back how long it takes until it arrives
	 * @param <T> what is answered
	 */
	record Answer<T>(@Nullable T value, @Nullable Throwable failure, Duration back) {

		static <T> Answer<T> of(@Nullable T value, Duration back) {
			return new Answer<>(value, null, back);
		}

		static <T> Answer<T> failing(Throwable failure, Duration back) {
			return new Answer<>(null, failure, back);
		}

	}

}
