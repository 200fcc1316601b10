package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.github.evertoken.Diagnosis;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of what happens to one key: as a {@link TokenEvent}, and in the log where
 * somebody has to know.
 */
final class LifecycleEvents {

	private static final Logger logger = LoggerFactory.getLogger(TokenLifecycle.class);

	private final ManagedClient client;

	private final ManagerResources resources;

	private final TokenKey key;

	private final @Nullable Journal journal;

	LifecycleEvents(ManagedClient client, TokenKey key, @Nullable Journal journal) {
		this.client = client;
		this.resources = client.resources();
		this.key = key;
		this.journal = journal;
	}

	/**
	 * A flight has brought a token.
	 */
	void landed(Flight flight, KeyState before, HeldToken held) {
		Moment now = this.resources.now();
		obtained(flight.trigger());
		Instant expiresAt = held.expiresAt();
		Duration took = Duration.ofMillis(Math.max(0, now.mono() - flight.startedAt().mono()));
		if (before.cooldown().failure() instanceof TokenRefusedException) {
			this.client.logs().granted(this.key, now);
		}
		long generation = held.generation();
		if (before.holdsUsable(now)) {
			flight.replaces(Objects.requireNonNull(before.held()), now);
			logger.debug("Renewed the token of {}, generation {}, expires at {}", this.key, generation, expiresAt);
			emit(new TokenEvent.Renewed(this.key, generation, flight.trigger(), now(), expiresAt, took));
		}
		else if (before.hasHadToken()) {
			logger.debug("Obtained another token of {}, generation {}, expires at {}", this.key, generation, expiresAt);
			emit(new TokenEvent.Reissued(this.key, generation, flight.trigger(), now(), expiresAt, took));
		}
		else {
			logger.debug("Obtained a token of {}, generation {}, expires at {}", this.key, generation, expiresAt);
			emit(new TokenEvent.Issued(this.key, generation, flight.trigger(), now(), expiresAt, took));
		}
	}

	/**
	 * A flight has failed for now.
	 * @param nextAttempt when the next one may start, by the monotonic clock
	 */
	void failed(Flight flight, KeyState before, TokenException failure, long nextAttempt) {
		Moment now = this.resources.now();
		failed(failure, now);
		long pause = Math.max(nextAttempt, now.mono()) - now.mono();
		if (failure instanceof TransientTokenException) {
			logger.debug("{}. Next attempt in {} ms at the earliest", failure.getMessage(), pause);
		}
		else {
			this.client.logs()
				.refused(failure, pause,
						before.holdsUsable(now) ? "; the current token stays in use until " + expiryOf(before) : "",
						now);
		}
		Instant retryAt = Instant.ofEpochMilli(now.wall() + pause);
		emit(before.servesOn(now)
				? new TokenEvent.RenewalFailed(this.key, before.generation(), flight.trigger(), now(), expiryOf(before),
						failure, retryAt)
				: new TokenEvent.IssueFailed(this.key, before.generation(), flight.trigger(), now(), expiryOf(before),
						failure, retryAt));
	}

	/**
	 * Nobody knows whether the issuer has taken a refresh token.
	 */
	void ambiguous(Flight flight, TokenException failure) {
		this.client.logs()
			.ambiguous()
			.warn(this.resources.now(),
					"Nobody knows whether the refresh token was taken, and it is sent once more: {}",
					failure.getMessage());
		emit(new TokenEvent.RefreshAmbiguous(this.key, flight.known().generation(), flight.trigger(), now(),
				expiryOf(flight.known()), failure));
	}

	/**
	 * The last usable grant was refused.
	 */
	void signedOut(Flight flight, KeyState before, ReauthenticationRequiredException reason) {
		failed(reason, this.resources.now());
		this.client.logs()
			.signedOut(this.key)
			.warn(this.resources.now(), "Somebody must log in again: {}", reason.getMessage());
		emit(new TokenEvent.ReauthenticationRequired(this.key, before.generation(), flight.trigger(), now(),
				expiryOf(before), reason));
	}

	/**
	 * The application has put a token in.
	 */
	void put(HeldToken held) {
		obtained(Trigger.APPLICATION);
		emit(new TokenEvent.Issued(this.key, held.generation(), Trigger.APPLICATION, now(), held.expiresAt(),
				Duration.ZERO));
	}

	/**
	 * The application has removed what was held.
	 */
	void removed(KeyState before) {
		obtained(null);
		emit(new TokenEvent.Removed(this.key, before.generation(), Trigger.APPLICATION, now(), expiryOf(before)));
	}

	/**
	 * The key was forgotten, and its refresh token with it.
	 */
	void forgotten(KeyState before, boolean tooMany) {
		logger.debug("{} is forgotten with its refresh token: {}", this.key,
				tooMany ? "there are too many subjects" : "it was idle");
		emit(new TokenEvent.Forgotten(this.key, before.generation(), Trigger.EVICTION, now(), expiryOf(before),
				tooMany));
	}

	/**
	 * A resource server has refused a token.
	 */
	void rejected(HeldToken token, @Nullable Refusal refusal, boolean renewing) {
		Moment now = this.resources.now();
		Diagnosis diagnosis = this.client.diagnostician().of(this.key, token, refusal, now);
		if (this.journal != null) {
			this.journal.rejected(diagnosis, now);
		}
		logger.debug("The token of {}, generation {}, was refused{}{}: {}", this.key, token.generation(),
				(refusal != null) ? " by " + refusal.place().origin() : "",
				renewing ? ", and is replaced" : ", and is not replaced", diagnosis.sentence());
		emit(new TokenEvent.Rejected(this.key, token.generation(), Trigger.REJECTION, now(), token.expiresAt(),
				renewing, diagnosis));
	}

	/**
	 * A resource server asks for another scope.
	 */
	void scopeInsufficient(HeldToken token, Refusal refusal) {
		Moment now = this.resources.now();
		this.client.logs()
			.scopes()
			.warn(now,
					"A request with the token of {} was refused by {}: {}. Its scope stays what it is until another one"
							+ " is configured, or asked for with the request",
					this.key, refusal.place().origin(),
					this.client.diagnostician().of(this.key, token, refusal, now).sentence());
	}

	/**
	 * A rejected token serves again, because its replacement cannot be had for now.
	 */
	void suspectServed(HeldToken token) {
		this.client.logs()
			.suspects()
			.warn(this.resources.now(),
					"The rejected token of {} serves again until {}: another one is not to be had for" + " now",
					this.key, token.expiresAt());
		emit(new TokenEvent.SuspectServed(this.key, token.generation(), Trigger.REJECTION, now(), token.expiresAt()));
	}

	/**
	 * A resource server asks for another authentication of the user (RFC 9470).
	 */
	void stepUp(HeldToken token, List<String> acrValues, @Nullable Duration maxAge) {
		emit(new TokenEvent.StepUpRequired(this.key, token.generation(), Trigger.REJECTION, now(), token.expiresAt(),
				acrValues, maxAge));
	}

	/**
	 * The refresh token expires soon, and nothing has put that off.
	 */
	void sessionEnding(KeyState state, Session session) {
		logger.debug("The session of {} ends at {} unless somebody logs in again", this.key, session.end());
		emit(new TokenEvent.SessionEnding(this.key, state.generation(), Trigger.RENEWAL_TIME, now(), expiryOf(state),
				session.end()));
	}

	/**
	 * A token does not last as long as was asked for.
	 */
	void lifetimeTooShort(HeldToken token, Duration expectedDuration) {
		logger.warn("A token of {} was expected to last for {}, but expires at {}", this.key, expectedDuration,
				token.expiresAt());
		emit(new TokenEvent.LifetimeTooShort(this.key, token.generation(), Trigger.EXPECTED_DURATION, now(),
				token.expiresAt(), expectedDuration));
	}

	private void failed(TokenException failure, Moment now) {
		if (this.journal != null) {
			this.journal.failed(failure, now);
		}
	}

	private void obtained(@Nullable Trigger trigger) {
		if (this.journal != null) {
			this.journal.obtained(trigger);
		}
	}

	private void emit(TokenEvent event) {
		this.resources.events().emit(event);
	}

	private Instant now() {
		return Instant.ofEpochMilli(this.resources.now().wall());
	}

	private static @Nullable Instant expiryOf(KeyState state) {
		return (state.held() != null) ? state.held().expiresAt() : null;
	}

}
