package io.github.evertoken.lifecycle;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What one client knows of the places that its tokens are sent to: which have accepted
 * any, and which refuse what others accept (LC-6). A bounded number is kept.
 */
final class Places {

	// The lock of this object guards both maps; nobody is called under it. Nearly every
	// acceptance is no news, and finds that out without the lock.

	static final int MOST = 256;

	private final Map<Place, Boolean> trusted = new Recent<>();

	private final Map<Place, Refusal> refusals = new Recent<>();

	private volatile boolean inDoubt;

	/**
	 * What to make of a refusal.
	 */
	enum Verdict {

		/** The token is bad, as far as anybody can tell. */
		TOKEN,
		/** Others accept the token, and this place has never accepted any. */
		DOUBTFUL,
		/** This place refuses what others accept: its refusals pass on. */
		PLACE

	}

	/**
	 * Tell whether any place has refused a token that others have accepted.
	 */
	boolean areInDoubt() {
		return this.inDoubt;
	}

	synchronized void accepted(Place place) {
		this.trusted.put(place, true);
		if (this.refusals.remove(place) != null) {
			this.inDoubt = !this.refusals.isEmpty();
		}
	}

	/**
	 * A place has refused a token.
	 * @param key whose token it is
	 * @param window for how long a place is not believed, in milliseconds
	 */
	synchronized Verdict refused(Place place, TokenLifecycle key, HeldToken token, Moment now, long window) {
		Refusal before = this.refusals.get(place);
		if (before != null && now.mono() < before.disbelievedUntil) {
			return Verdict.PLACE;
		}
		if (before != null && before.key == key && before.generation < token.generation()) {
			this.refusals.put(place, new Refusal(key, token.generation(), now.after(window)));
			return Verdict.PLACE;
		}
		if (!token.wasAccepted()) {
			return Verdict.TOKEN;
		}
		this.refusals.put(place, new Refusal(key, token.generation(), Long.MIN_VALUE));
		this.inDoubt = true;
		return this.trusted.containsKey(place) ? Verdict.TOKEN : Verdict.DOUBTFUL;
	}

	/**
	 * A place has refused a token that others have accepted.
	 *
	 * @param key whose token it was
	 * @param generation which
	 * @param disbelievedUntil until when its refusals pass on, by the monotonic clock
	 */
	private record Refusal(TokenLifecycle key, long generation, long disbelievedUntil) {
	}

	private static final class Recent<T> extends LinkedHashMap<Place, T> {

		private static final long serialVersionUID = 1L;

		Recent() {
			super(16, 0.75f, true);
		}

		@Override
		protected boolean removeEldestEntry(Map.@Nullable Entry<Place, T> eldest) {
			return size() > MOST;
		}

	}

}
