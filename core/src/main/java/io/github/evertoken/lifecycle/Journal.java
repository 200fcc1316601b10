package io.github.evertoken.lifecycle;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.github.evertoken.Diagnosis;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what has happened lately to the service's own key, and what has gone wrong
 * since its last token set came. Nothing is decided by it: what is, is in the state.
 */
final class Journal {

	// The lock of this object guards all fields; nobody is called under it.

	private static final int MOST = 20;

	private final Deque<KeyStatus.Transited> transitions = new ArrayDeque<>();

	private KeyStatus.@Nullable Failing failing;

	private KeyStatus.@Nullable Explained rejection;

	private @Nullable Trigger trigger;

	synchronized void happened(KeyEvent event, Transition transition, Moment now) {
		if (this.transitions.size() == MOST) {
			this.transitions.removeFirst();
		}
		this.transitions.addLast(new KeyStatus.Transited(instant(now), event.getClass().getSimpleName(),
				transition.before().phase(now), transition.next().phase(now), transition.next().generation()));
		if (event instanceof CommandEvents.ChangedElsewhere) {
			obtained(null);
		}
	}

	synchronized void failed(TokenException failure, Moment now) {
		KeyStatus.Failing before = this.failing;
		this.failing = (before != null) ? new KeyStatus.Failing(failure, before.count() + 1, before.since())
				: new KeyStatus.Failing(failure, 1, instant(now));
	}

	/**
	 * There is another token set, or none any more: what went wrong before is history.
	 * @param trigger why it was obtained, {@code null} if it was not, or not by this
	 * manager
	 */
	synchronized void obtained(@Nullable Trigger trigger) {
		this.failing = null;
		this.trigger = trigger;
	}

	synchronized @Nullable Trigger trigger() {
		return this.trigger;
	}

	synchronized void rejected(Diagnosis diagnosis, Moment now) {
		this.rejection = new KeyStatus.Explained(instant(now), diagnosis);
	}

	synchronized KeyStatus.@Nullable Explained rejection() {
		return this.rejection;
	}

	synchronized List<KeyStatus.Transited> transitions() {
		return List.copyOf(this.transitions);
	}

	synchronized KeyStatus.@Nullable Failing failing() {
		return this.failing;
	}

	private static Instant instant(Moment now) {
		return Instant.ofEpochMilli(now.wall());
	}

}
