package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.lifecycle.KeyPhase;
import org.jspecify.annotations.Nullable;

/**
 * How one key is.
 *
 * @param condition whether callers go on
 * @param phase what it is in
 * @param generation the generation of its token set, 0 if it has never had one
 * @param stored the generation that the token store has of it, where that was asked and
 * has answered
 * @param trigger why the token set was obtained, where that is known
 * @param obtained when the token was requested
 * @param renews when it is to be renewed
 * @param expires when it expires
 * @param lifetime how long it lives in all
 * @param scope what was granted with it, where the answer says
 * @param refreshToken whether a refresh token is held
 * @param session when the refresh token expires, and the session with it, where that is
 * known
 * @param waiting how many callers wait for the running flight
 * @param flight the running flight
 * @param elsewhere the lease that another replica has on the key
 * @param cooldown until when no flight may start
 * @param failure what has gone wrong since the last token set came
 * @param signedOut why somebody must log in again
 * @param rejection why a token was refused the last time, of the service's own key
 * @param token the token taken apart
 * @param lately the last transitions of the service's own key, the latest one last
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record KeyReport(KeyCondition condition, KeyPhase phase, long generation, @Nullable Long stored,
		@Nullable Trigger trigger, @Nullable TimePoint obtained, @Nullable TimePoint renews,
		@Nullable TimePoint expires, @Nullable TimeSpan lifetime, @Nullable Set<String> scope, boolean refreshToken,
		@Nullable TimePoint session, int waiting, @Nullable FlightReport flight, @Nullable LeaseReport elsewhere,
		@Nullable TimePoint cooldown, @Nullable FailureReport failure, @Nullable FailureReport signedOut,
		@Nullable RejectionReport rejection, @Nullable TokenReport token, List<TransitionReport> lately) {

}
