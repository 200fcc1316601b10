package io.github.evertoken.lifecycle;

import io.github.evertoken.TokenException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the story of each flight to whoever debugs: why it takes off, what its attempts
 * come to, how it ends, who has waited for it, and how long it took.
 */
final class FlightLog {

	private static final Logger logger = LoggerFactory.getLogger(TokenLifecycle.class);

	private FlightLog() {
	}

	static void takesOff(Flight flight) {
		logger.debug("Flight for {} takes off: trigger {}, {}", flight.key(), flight.trigger(),
				(flight.refreshToken() != null) ? "with a refresh token" : "without a refresh token");
	}

	static void attemptFailed(Attempt attempt, TokenException failure, Moment now) {
		if (logger.isDebugEnabled() && !Lending.LoanNeeded.is(failure) && HeldElsewhere.in(failure) == null) {
			Flight flight = attempt.flight();
			logger.debug("Flight for {}: attempt {} has failed after {} ms, {} wait: {}", flight.key(),
					flight.attempts(), took(attempt.launchedAt(), now), flight.room().waiting(), failure.getMessage());
		}
	}

	/**
	 * A flight has ended.
	 * @param waited how many waited for it to the end
	 * @param ending what it has come to
	 */
	static void ended(Flight flight, int waited, Ending ending, Moment now) {
		if (logger.isDebugEnabled() && !(flight instanceof Loan)) {
			TokenException failure = ending.failure();
			logger.debug("Flight for {} ends: {} after {} ms, trigger {}, attempts {}, {} waited{}", flight.key(),
					ending.outcome(), took(flight.startedAt(), now), flight.trigger(), flight.attempts(), waited,
					(failure != null) ? ": " + failure.reason() : "");
		}
	}

	private static long took(Moment since, Moment now) {
		return Math.max(0, now.mono() - since.mono());
	}

}
