package io.github.evertoken.store;

import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.TokenKey;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Turns}.
 */
@Tag("LC-9")
class TurnsTests {

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	private static final TokenKey BOB = TokenKey.of("inventory", "bob");

	private final Turns turns = new Turns();

	private final Sinks.Empty<Void> landing = Sinks.empty();

	@Test
	void stepsWhenTheyAreGivenUpThenNothingIsLeftOfThemButWhatStillLands() {
		writeLate();
		for (int i = 0; i < 10; i++) {
			this.turns.write(ALICE, (turn) -> Mono.never()).subscribe().dispose();
			this.turns.read(ALICE, Mono.never()).subscribe().dispose();
		}
		assertThat(this.turns.size(ALICE)).isEqualTo(1);
		this.landing.tryEmitEmpty();
		assertThat(this.turns.size(ALICE)).isZero();
	}

	@Test
	void stepWhenAnotherKeyHasAWriteThatDoesNotEndThenDoesNotWait() {
		writeLate();
		List<String> written = new ArrayList<>();
		this.turns.write(BOB, (turn) -> turn.land(Mono.just("bob"))).subscribe(written::add);
		assertThat(written).containsExactly("bob");
	}

	@Test
	void readWhenAWriteWaitsForOneThatWasGivenUpThenWaitsForItsTurn() {
		writeLate();
		List<String> done = new ArrayList<>();
		this.turns.write(ALICE, (turn) -> turn.land(Mono.just("written"))).subscribe(done::add);
		this.turns.read(ALICE, Mono.just("read")).subscribe(done::add);
		assertThat(done).isEmpty();
		this.landing.tryEmitEmpty();
		assertThat(done).containsExactly("written", "read");
	}

	/**
	 * The step has looked at what there is, and is given up before it writes.
	 */
	@Test
	void writeWhenItIsGivenUpJustBeforeItBeginsThenIsNotSent() {
		List<String> written = new ArrayList<>();
		List<Turns.Turn> looking = new ArrayList<>();
		this.turns.write(ALICE, (turn) -> {
			looking.add(turn);
			return Mono.never();
		}).subscribe().dispose();
		this.turns.write(ALICE, (turn) -> turn.land(Mono.just("removed"))).subscribe(written::add);
		looking.get(0).land(Mono.fromRunnable(() -> written.add("late"))).subscribe();
		assertThat(written).containsExactly("removed");
		assertThat(this.turns.size(ALICE)).isZero();
	}

	private void writeLate() {
		this.turns.write(ALICE, (turn) -> turn.land(this.landing.asMono())).subscribe().dispose();
	}

}
