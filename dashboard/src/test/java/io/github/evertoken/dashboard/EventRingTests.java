package io.github.evertoken.dashboard;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What the ring keeps, and what a cursor finds in it.
 */
class EventRingTests {

	private final EventRing ring = new EventRing();

	private void fill(int count) {
		for (int i = 0; i < count; i++) {
			this.ring.add(DashboardEvent.of("test-" + i, Instant.EPOCH, "inventory"));
		}
	}

	private static List<Object> types(EventRing.Batch batch) {
		return batch.events().stream().map((each) -> each.event().members().get("type")).toList();
	}

	@Test
	void readWhenMoreHasHappenedThanIsKeptThenTheOldestIsGoneAndTheMarkSaysSo() {
		EventRing.Cursor start = this.ring.oldest();
		fill(EventRing.CAPACITY + 5);
		EventRing.Batch batch = this.ring.read(start, EventRing.CAPACITY);
		assertThat(batch.missed()).isTrue();
		assertThat(types(batch)).hasSize(EventRing.CAPACITY).startsWith("test-5").endsWith("test-1004");
		assertThat(this.ring.read(batch.next(), EventRing.CAPACITY))
			.isEqualTo(new EventRing.Batch(List.of(), batch.next(), false));
	}

	@Test
	void readWhenThereIsNoCursorThenNothingIsMissed() {
		fill(EventRing.CAPACITY + 5);
		EventRing.Batch batch = this.ring.read(null, 2);
		assertThat(batch.missed()).isFalse();
		assertThat(types(batch)).containsExactly("test-5", "test-6");
	}

	@Test
	void readWhenTheCursorIsJustNotTooOldThenNothingIsMissed() {
		fill(5);
		EventRing.Cursor cursor = this.ring.read(null, 5).next();
		fill(EventRing.CAPACITY);
		EventRing.Batch batch = this.ring.read(cursor, EventRing.CAPACITY);
		assertThat(batch.missed()).isFalse();
		assertThat(types(batch)).startsWith("test-0").hasSize(EventRing.CAPACITY);
	}

	@Test
	void readWhenTheCursorIsOfAnotherRunOrFromTheFutureThenTheOldestComesWithAMark() {
		fill(3);
		EventRing.Cursor last = this.ring.read(null, 3).next();
		EventRing.Cursor other = new EventRing.Cursor(last.run() + "0", 1);
		EventRing.Cursor future = new EventRing.Cursor(last.run(), last.number() + 1);
		assertThat(List.of(other, future)).allSatisfy((cursor) -> {
			EventRing.Batch batch = this.ring.read(cursor, 3);
			assertThat(batch.missed()).isTrue();
			assertThat(types(batch)).containsExactly("test-0", "test-1", "test-2");
		});
	}

	@Test
	void parseWhenItIsNoCursorThenIsRefused() {
		EventRing.Cursor cursor = this.ring.oldest();
		assertThat(EventRing.Cursor.parse(cursor.toString())).isEqualTo(cursor);
		for (String text : List.of("yesterday", "-1", "run-", "run--1", "run-1234567890123456789", "run-1x")) {
			assertThatIllegalArgumentException().as(text).isThrownBy(() -> EventRing.Cursor.parse(text));
		}
	}

	@Test
	void listenWhenItHasEndedThenHearsNothing() {
		int[] heard = { 0 };
		Runnable end = this.ring.listen(() -> heard[0]++);
		fill(2);
		end.run();
		fill(1);
		assertThat(heard[0]).isEqualTo(2);
	}

}
