package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.evertoken.lifecycle.KeyPhase;
import org.jspecify.annotations.Nullable;

/**
 * How one client is, in brief.
 *
 * @param condition whether callers with the service's own token go on
 * @param phase what the service's own key is in
 * @param generation the generation of its token set
 * @param expires when its token expires
 * @param cooldown until when no flight may start
 * @param failure what has gone wrong since its last token set came
 * @param waiting how many callers wait, of all keys
 * @param subjects how many subjects' keys are in which phase
 * @param forgotten how many keys were forgotten with their refresh token
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ClientSummary(KeyCondition condition, KeyPhase phase, long generation, @Nullable TimePoint expires,
		@Nullable TimePoint cooldown, @Nullable FailureReport failure, long waiting, Map<KeyPhase, Long> subjects,
		long forgotten) {

}
