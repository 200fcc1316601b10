package io.github.evertoken.boot.autoconfigure.actuator;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.evertoken.lifecycle.RenewalAnswer;
import org.jspecify.annotations.Nullable;

/**
 * What has come of asking for another token.
 *
 * @param client the client
 * @param subject whose token, {@code null} for the service's own
 * @param renewal what has come of it
 * @param says the same in words
 * @param key how the key is after that
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RenewalReport(String client, @Nullable String subject, RenewalAnswer renewal, String says, KeyReport key) {

	static String words(RenewalAnswer answer, @Nullable TimePoint cooldown) {
		return switch (answer) {
			case STARTED -> "Another token is on its way; the one that is held serves until it has come";
			case UNDERWAY -> "Another token was on its way already";
			case RESTING -> "Nobody is asked for now, after a failure"
					+ ((cooldown != null) ? "; the next attempt can be made " + cooldown.words() : "");
			case SIGNED_OUT -> "Somebody must log in again, and nothing else helps";
			case CLOSED -> "Nothing is held any more";
		};
	}

}
