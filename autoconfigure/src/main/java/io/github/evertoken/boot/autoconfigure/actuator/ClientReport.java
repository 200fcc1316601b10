package io.github.evertoken.boot.autoconfigure.actuator;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.evertoken.lifecycle.KeyPhase;
import org.jspecify.annotations.Nullable;

/**
 * How one client is.
 *
 * @param client its name
 * @param at when it was looked at
 * @param settings what it is configured to do, by the names of its properties
 * @param key the service's own key
 * @param waiting how many callers wait, of all keys
 * @param subjects how many subjects' keys are in which phase
 * @param forgotten how many keys were forgotten with their refresh token
 * @param advice what somebody would better change
 * @param storeAway since when the store has answered nothing
 * @param subject the subject that was asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ClientReport(String client, Instant at, Map<String, Object> settings, KeyReport key, long waiting,
		Map<KeyPhase, Long> subjects, long forgotten, List<AdviceReport> advice, @Nullable TimePoint storeAway,
		@Nullable SubjectReport subject) {

}
