package io.github.evertoken.boot.autoconfigure.actuator;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.evertoken.TokenKey;
import org.jspecify.annotations.Nullable;

/**
 * What has come of forgetting what is held.
 *
 * @param client the client
 * @param subject whose tokens, {@code null} for the service's own
 * @param removed whether they are forgotten
 * @param says the same in words
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RemovalReport(String client, @Nullable String subject, boolean removed, String says) {

	static RemovalReport of(TokenKey key, @Nullable Throwable failure) {
		return new RemovalReport(key.client(), key.subject(), failure == null, words(key, failure));
	}

	/**
	 * The message of a store's failure may say anything, and is in the log.
	 */
	private static String words(TokenKey key, @Nullable Throwable failure) {
		if (failure != null) {
			return "It could not be removed, because of a " + failure.getClass().getSimpleName();
		}
		return (key.subject() != null) ? "Nothing is held of the subject any more"
				: "What was held is forgotten. A client with a grant of its own begins anew with the next call";
	}

}
