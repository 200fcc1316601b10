package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of what happens to keys: as a {@link TokenEvent}, and in the log where somebody
 * has to know. One is enough for all keys.
 */
final class LifecycleEvents {

	private static final Logger logger = LoggerFactory.getLogger(TokenLifecycle.class);

	private final Surroundings surroundings;

	LifecycleEvents(Surroundings surroundings) {
		this.surroundings = surroundings;
	}

	/**
	 * A flight has brought a token.
	 */
	void landed(Flight flight, KeyState before, HeldToken held, long now) {
		TokenKey key = flight.key();
		Instant expiresAt = held.accessToken().expiresAt();
		Duration took = Duration.ofMillis(now - flight.startedAt());
		boolean renewed = before.holdsUsable(now);
		logger.debug("{} token of {}, generation {}, expires at {}", renewed ? "Renewed the" : "Obtained a", key,
				held.generation(), expiresAt);
		emit(renewed
				? new TokenEvent.Renewed(key, held.generation(), flight.trigger(), Instant.ofEpochMilli(now), expiresAt,
						took)
				: new TokenEvent.Issued(key, held.generation(), flight.trigger(), Instant.ofEpochMilli(now), expiresAt,
						took));
	}

	/**
	 * A flight has failed for now.
	 */
	void failed(Flight flight, KeyState before, TokenException failure, long now, long nextAttempt) {
		logger.warn("{}. Next attempt in {} ms at the earliest{}", failure.getMessage(), nextAttempt - now,
				before.holdsUsable(now) ? "; the current token stays in use until " + expiryOf(before) : "");
		emit(new TokenEvent.RenewalFailed(flight.key(), before.generation(), flight.trigger(),
				Instant.ofEpochMilli(now), expiryOf(before), failure, Instant.ofEpochMilli(nextAttempt)));
	}

	/**
	 * The last usable grant was refused.
	 */
	void signedOut(Flight flight, KeyState before, ReauthenticationRequiredException reason) {
		logger.warn("Somebody must log in again: {}", reason.getMessage());
		emit(new TokenEvent.ReauthenticationRequired(flight.key(), before.generation(), flight.trigger(), now(),
				expiryOf(before), reason));
	}

	/**
	 * The application has put a token in.
	 */
	void put(TokenKey key, HeldToken held, long now) {
		emit(new TokenEvent.Issued(key, held.generation(), Trigger.APPLICATION, Instant.ofEpochMilli(now),
				held.accessToken().expiresAt(), Duration.ZERO));
	}

	/**
	 * The application has removed what was held.
	 */
	void removed(TokenKey key, KeyState before) {
		emit(new TokenEvent.Removed(key, before.generation(), Trigger.APPLICATION, now(), expiryOf(before)));
	}

	/**
	 * A resource server has refused a token.
	 */
	void rejected(TokenKey key, HeldToken token, long now, boolean renewing) {
		emit(new TokenEvent.Rejected(key, token.generation(), Trigger.REJECTION, Instant.ofEpochMilli(now),
				token.accessToken().expiresAt(), renewing));
	}

	/**
	 * A resource server asks for another authentication of the user (RFC 9470).
	 */
	void stepUp(TokenKey key, HeldToken token, List<String> acrValues, @Nullable Duration maxAge) {
		emit(new TokenEvent.StepUpRequired(key, token.generation(), Trigger.REJECTION, now(),
				token.accessToken().expiresAt(), acrValues, maxAge));
	}

	/**
	 * A token does not last as long as was asked for.
	 */
	void lifetimeTooShort(TokenKey key, HeldToken token, Duration expectedDuration) {
		Instant expiresAt = token.accessToken().expiresAt();
		logger.warn("A token of {} was expected to last for {}, but expires at {}", key, expectedDuration, expiresAt);
		emit(new TokenEvent.LifetimeTooShort(key, token.generation(), Trigger.EXPECTED_DURATION, now(), expiresAt,
				expectedDuration));
	}

	private void emit(TokenEvent event) {
		this.surroundings.events().emit(event);
	}

	private Instant now() {
		return Instant.ofEpochMilli(this.surroundings.now());
	}

	private static @Nullable Instant expiryOf(KeyState state) {
		return (state.held() != null) ? state.held().accessToken().expiresAt() : null;
	}

}
