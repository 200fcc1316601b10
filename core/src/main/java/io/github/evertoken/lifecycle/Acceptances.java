package io.github.evertoken.lifecycle;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.evertoken.TokenKey;
import org.jspecify.annotations.Nullable;

/**
 * Which server has accepted the token of which key, and when, of those keys of a client
 * whose tokens were accepted last. It explains why a token was rejected; nothing is
 * decided by it. Of each token the first acceptance is told, and later ones only while
 * something is in doubt.
 */
final class Acceptances {

	private static final int MOST = 256;

	// The lock of this object guards it; nobody is called under it.
	private final Map<TokenKey, Acceptance> last = new LinkedHashMap<>(16, 0.75f, true) {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<TokenKey, Acceptance> eldest) {
			return size() > MOST;
		}
	};

	/**
	 * A server has accepted a token.
	 *
	 * @param generation that of the token
	 * @param origin that of the server
	 * @param at when, by the monotonic clock
	 */
	record Acceptance(long generation, String origin, long at) {
	}

	synchronized void accepted(TokenKey key, HeldToken token, Place place, Moment now) {
		this.last.put(key.withoutSubjectToken(), new Acceptance(token.generation(), place.origin(), now.mono()));
	}

	/**
	 * Return who has accepted a token, {@code null} if that is not known.
	 */
	synchronized @Nullable Acceptance of(TokenKey key, HeldToken token) {
		Acceptance acceptance = this.last.get(key.withoutSubjectToken());
		return (acceptance != null && acceptance.generation() == token.generation()) ? acceptance : null;
	}

}
