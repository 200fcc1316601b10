package io.github.evertoken.lifecycle;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.evertoken.TokenKey;

/**
 * What one client knows of the places that its tokens are sent to: which have accepted
 * any, and which refuse what others accept (LC-6). A bounded number is kept.
 */
final class PlaceTrust {

	// The lock of this object guards both maps; nobody is called under it. Nearly every
	// acceptance is no news, and finds that out without the lock.

	static final int MOST = 256;

	private static final int MOST_KEYS = 16;

	private final Map<Place, Boolean> trusted = new Recent<>(MOST);

	private final Map<Place, PlaceHistory> histories = new Recent<>(MOST);

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
		if (this.histories.remove(place) != null) {
			this.inDoubt = !this.histories.isEmpty();
		}
	}

	/**
	 * A place has refused a token. It is to blame itself if it has refused one of the
	 * same key before, in the same window, though others had accepted that. A place that
	 * has accepted tokens before is not blamed for refusing one that nobody has accepted
	 * yet.
	 * @param key whose token it is
	 * @param window for how long a place is not believed, and its refusals are kept, in
	 * milliseconds
	 */
	synchronized Verdict refused(Place place, TokenKey key, HeldToken token, Moment now, long window) {
		PlaceHistory history = this.histories.computeIfAbsent(place, (any) -> new PlaceHistory());
		if (history.isDisbelieved(now)) {
			return Verdict.PLACE;
		}
		boolean trusted = this.trusted.containsKey(place);
		if (history.hasEarlier(key, token, now) && (token.wasAccepted() || !trusted)) {
			history.disbelieve(now.after(window));
			return Verdict.PLACE;
		}
		if (!token.wasAccepted()) {
			return Verdict.TOKEN;
		}
		history.add(key, token, now.after(window));
		this.inDoubt = true;
		return trusted ? Verdict.TOKEN : Verdict.DOUBTFUL;
	}

	/**
	 * What one place has refused though others had accepted it.
	 */
	private static final class PlaceHistory {

		private final Map<TokenKey, Refusal> refusals = new Recent<>(MOST_KEYS);

		private long disbelievedUntil = Long.MIN_VALUE;

		boolean isDisbelieved(Moment now) {
			return now.mono() < this.disbelievedUntil;
		}

		void disbelieve(long until) {
			this.disbelievedUntil = until;
			this.refusals.clear();
		}

		boolean hasEarlier(TokenKey key, HeldToken token, Moment now) {
			Refusal before = this.refusals.get(key);
			return before != null && now.mono() < before.until && before.generation < token.generation();
		}

		void add(TokenKey key, HeldToken token, long until) {
			this.refusals.put(key, new Refusal(token.generation(), until));
		}

	}

	/**
	 * A place has refused a token that others have accepted.
	 *
	 * @param generation which
	 * @param until how long that counts, by the monotonic clock
	 */
	private record Refusal(long generation, long until) {
	}

	private static final class Recent<K, V> extends LinkedHashMap<K, V> {

		private static final long serialVersionUID = 1L;

		private final int most;

		Recent(int most) {
			super(16, 0.75f, true);
			this.most = most;
		}

		@Override
		protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
			return size() > this.most;
		}

	}

}
