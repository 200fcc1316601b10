package io.github.evertoken.faults;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

import io.github.evertoken.faults.FaultWorld.Grant;
import io.github.evertoken.faults.FaultWorld.Outcome;
import io.github.evertoken.faults.FaultyStore.Condition;
import io.github.evertoken.faults.Fault.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the trouble of one key's request means for the others.
 */
@Tag("LC-7")
class NeighboursTests {

	private final FaultWorld world = new FaultWorld(Fault.NONE, false, Condition.NONE, Grant.ROTATING_WITH_GRACE);

	@Test
	void callWhenTheRequestOfAnotherKeyHangsThenIsAnswered() {
		try (this.world) {
			logIn(3);
			meet(Fault.HANGS);
			this.world.begin("user-0");
			this.world.pass(Duration.ofSeconds(1));
			assertThat(callsOf(1, 3)).allSatisfy(NeighboursTests::answeredAtOnce);
		}
	}

	@Test
	void callWhenARequestWasResetAndTheNextOneHangsThenIsAnswered() {
		try (this.world) {
			logIn(3);
			meet(Fault.RESET_AFTER_REQUEST, Fault.HANGS);
			this.world.begin("user-0");
			this.world.pass(Duration.ofSeconds(7));
			assertThat(callsOf(1, 3)).allSatisfy(NeighboursTests::answeredAtOnce);
		}
	}

	private static void answeredAtOnce(Outcome outcome) {
		assertThat(outcome.failure()).isNull();
		assertThat(outcome.took()).isLessThan(Duration.ofSeconds(1));
	}

	private void logIn(int users) {
		IntStream.range(0, users).forEach((number) -> this.world.logIn("user-" + number));
	}

	private List<Outcome> callsOf(int from, int to) {
		return IntStream.range(from, to).mapToObj((number) -> this.world.begin("user-" + number).outcome()).toList();
	}

	/**
	 * Let the next requests meet these faults, one each.
	 */
	private void meet(Fault... faults) {
		Deque<Fault> next = new ArrayDeque<>(List.of(faults));
		this.world.faults((stage) -> {
			synchronized (next) {
				return (stage == Stage.REQUEST && !next.isEmpty()) ? next.remove() : Fault.NONE;
			}
		});
	}

}
