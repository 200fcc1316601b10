package io.github.evertoken.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.evertoken.TokenKey;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.Sinks;

/**
 * Lets the steps of one key go one after another. A step that only reads waits for those
 * before it that somebody still waits for. One that writes waits until all before it have
 * ended, those too that were given up while they wrote.
 */
final class Turns {

	// The turns of a key, in their order, are changed in the atomic section of the map.
	// Nobody is called from within it.

	private final ConcurrentHashMap<TokenKey, List<Turn>> lines = new ConcurrentHashMap<>();

	/**
	 * Do a step that changes nothing.
	 */
	<T> Mono<T> read(TokenKey key, Mono<T> step) {
		return inTurn(key, false, (turn) -> step);
	}

	/**
	 * Do a step that may write.
	 * @param step makes the step, and lets what it writes {@linkplain Turn#land land}
	 */
	<T> Mono<T> write(TokenKey key, Function<Turn, Mono<T>> step) {
		return inTurn(key, true, step);
	}

	private <T> Mono<T> inTurn(TokenKey key, boolean writes, Function<Turn, Mono<T>> step) {
		return Mono.defer(() -> {
			Turn turn = new Turn(writes);
			change(key, (line) -> line.add(turn));
			return turn.go.asMono()
				.then(Mono.defer(() -> step.apply(turn)))
				.doFinally((signal) -> over(key, turn, signal));
		});
	}

	private void over(TokenKey key, Turn turn, SignalType signal) {
		Mono<?> landing = turn.end();
		if (signal != SignalType.CANCEL || landing == Turn.ENDED) {
			change(key, (line) -> line.remove(turn));
			return;
		}
		change(key, (line) -> turn.stage = Stage.GIVEN_UP);
		landing.onErrorComplete().subscribe(null, null, () -> change(key, (line) -> line.remove(turn)));
	}

	/**
	 * Change the line of a key, and let those go whose turn it is then.
	 */
	@SuppressWarnings("NullAway") // null is how a mapping function of a map lets go
	private void change(TokenKey key, Consumer<List<Turn>> change) {
		List<Turn> next = new ArrayList<>();
		this.lines.compute(key, (same, present) -> {
			List<Turn> line = (present != null) ? present : new ArrayList<>();
			change.accept(line);
			next.addAll(next(line));
			return line.isEmpty() ? null : line;
		});
		next.forEach((turn) -> turn.go.tryEmitEmpty());
	}

	private static List<Turn> next(List<Turn> line) {
		List<Turn> next = new ArrayList<>();
		boolean first = true;
		boolean awaited = false;
		for (Turn turn : line) {
			if (turn.stage == Stage.QUEUED && (turn.writes ? first : !awaited)) {
				turn.stage = Stage.RUNNING;
				next.add(turn);
			}
			first = false;
			awaited |= turn.stage != Stage.GIVEN_UP;
		}
		return next;
	}

	/**
	 * Return how many steps of a key have not ended.
	 */
	int size(TokenKey key) {
		return this.lines.getOrDefault(key, List.of()).size();
	}

	private enum Stage {

		QUEUED, RUNNING, GIVEN_UP

	}

	/**
	 * One step of a key.
	 */
	static final class Turn {

		private static final Mono<?> ENDED = Mono.never();

		private final boolean writes;

		private final Sinks.Empty<Void> go = Sinks.empty();

		// Guarded by the atomic section of the map.
		private Stage stage = Stage.QUEUED;

		// What lands, or ENDED. Whichever is first decides: a write begins in its turn or
		// not at all, though it be given up at the very moment of its beginning.
		private final AtomicReference<@Nullable Mono<?>> landing = new AtomicReference<>();

		private Turn(boolean writes) {
			this.writes = writes;
		}

		/**
		 * Write, to the end, though the step be given up: whoever cancels a write does
		 * not know what becomes of it. If it was given up before, nothing is written.
		 */
		<T> Mono<T> land(Mono<T> write) {
			Mono<T> landing = write.cache();
			return this.landing.compareAndSet(null, landing) ? landing : Mono.never();
		}

		/**
		 * Return what lands, or {@link #ENDED} if nothing does, nor ever will.
		 */
		private Mono<?> end() {
			return this.landing.compareAndSet(null, ENDED) ? ENDED : Objects.requireNonNull(this.landing.get());
		}

	}

}
