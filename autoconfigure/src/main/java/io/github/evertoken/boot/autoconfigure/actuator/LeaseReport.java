package io.github.evertoken.boot.autoconfigure.actuator;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.evertoken.lifecycle.KeyStatus;
import org.jspecify.annotations.Nullable;

/**
 * The lease that another replica has on a key, as this one has seen it.
 *
 * @param replica who has it, where it has said so
 * @param since when it began
 * @param until when it ends at the latest
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LeaseReport(@Nullable String replica, TimePoint since, TimePoint until) {

	static @Nullable LeaseReport ofNullable(KeyStatus.@Nullable Elsewhere elsewhere, Instant now) {
		return (elsewhere != null) ? new LeaseReport(elsewhere.replica(), TimePoint.of(elsewhere.since(), now),
				TimePoint.of(elsewhere.until(), now)) : null;
	}

}
