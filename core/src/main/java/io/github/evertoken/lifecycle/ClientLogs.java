package io.github.evertoken.lifecycle;

import java.util.concurrent.atomic.LongAdder;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes of what happens to the keys of one client, of which there may be very many: the
 * first time, then at most once a minute with how many more there were, and at the end of
 * it.
 */
final class ClientLogs {

	private static final Logger logger = LoggerFactory.getLogger(TokenLifecycle.class);

	private final TroubleLog store = new TroubleLog();

	private final FaultLog refusals = new FaultLog();

	private final FaultLog ambiguous = new FaultLog();

	private final FaultLog serviceSignedOut = new FaultLog();

	private final FaultLog subjectsSignedOut = new FaultLog();

	private final FaultLog suspects = new FaultLog();

	private final FaultLog scopes = new FaultLog();

	private final LongAdder failedCalls = new LongAdder();

	// Guarded by this.
	private int refused;

	private long refusedSince;

	/**
	 * The issuer refuses the client, or what it asks for.
	 * @param consequence what follows, to be read on from the failure
	 */
	void refused(TokenException failure, long pause, String consequence, Moment now) {
		synchronized (this) {
			if (this.refused == 0) {
				this.refusedSince = now.mono();
			}
			this.refused++;
		}
		this.refusals.warn(now, "{}. Next attempt in {} ms at the earliest{}", failure.getMessage(), pause,
				consequence);
	}

	/**
	 * The issuer grants a token to a key that it has refused one.
	 */
	void granted(TokenKey key, Moment now) {
		int flights;
		long lasted;
		synchronized (this) {
			flights = this.refused;
			lasted = now.mono() - this.refusedSince;
			this.refused = 0;
		}
		if (flights > 0) {
			this.refusals.over();
			logger
				.info("The issuer grants tokens to client '{}' again, after {} refused flights in {} ms; {} calls have"
						+ " failed", key.client(), flights, lasted, this.failedCalls.sumThenReset());
		}
	}

	void callFailed(Throwable failure) {
		if (failure instanceof TokenRefusedException) {
			this.failedCalls.increment();
		}
	}

	TroubleLog store() {
		return this.store;
	}

	FaultLog ambiguous() {
		return this.ambiguous;
	}

	/**
	 * That the service itself is signed out does not get lost among its subjects.
	 */
	FaultLog signedOut(TokenKey key) {
		return (key.subject() != null) ? this.subjectsSignedOut : this.serviceSignedOut;
	}

	FaultLog suspects() {
		return this.suspects;
	}

	FaultLog scopes() {
		return this.scopes;
	}

}
