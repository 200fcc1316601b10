package io.github.evertoken.boot.autoconfigure.actuator;

import java.time.Instant;

import io.github.evertoken.Diagnosis;
import io.github.evertoken.lifecycle.KeyStatus;
import org.jspecify.annotations.Nullable;

/**
 * Why a token was refused.
 *
 * @param at when
 * @param reason the reason
 * @param words the reason in words, without a token
 */
record RejectionReport(TimePoint at, Diagnosis.Reason reason, String words) {

	static @Nullable RejectionReport ofNullable(KeyStatus.@Nullable Explained rejection, Instant now) {
		return (rejection != null) ? new RejectionReport(TimePoint.of(rejection.at(), now),
				rejection.diagnosis().reason(), rejection.diagnosis().sentence()) : null;
	}

}
