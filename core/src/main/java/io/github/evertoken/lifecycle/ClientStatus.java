package io.github.evertoken.lifecycle;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How things are with one client, at one moment.
 *
 * @param client the client's name
 * @param service its own key
 * @param waiting how many callers wait, of all its keys
 * @param subjects how many subjects' keys are in which phase; a phase without any is left
 * out
 * @param forgotten how many keys were forgotten with their refresh token, since the start
 * @param storeAwaySince since when the store has answered nothing, {@code null} if it
 * has, or there is none. What is held serves on meanwhile
 * @since 0.1.0
 */
public record ClientStatus(String client, KeyStatus service, long waiting, Map<KeyPhase, Long> subjects, long forgotten,
		@Nullable Instant storeAwaySince) {

	/**
	 * Create a status.
	 * @param client the client's name
	 * @param service its own key
	 * @param waiting how many callers wait
	 * @param subjects how many subjects' keys are in which phase
	 * @param forgotten how many keys were forgotten with their refresh token
	 * @param storeAwaySince since when the store has answered nothing, or {@code null}
	 */
	public ClientStatus {
		subjects = Map.copyOf(subjects);
	}

}
