package io.github.evertoken.advice;

import java.time.Duration;

/**
 * Tells when an issuer begins to fail, however many flights fail meanwhile. Flights that
 * were in the air when it began or ended may end in any order. Not thread-safe.
 */
final class Troubles {

	private static final long SETTLED = Duration.ofSeconds(10).toNanos();

	private static final long APART = Duration.ofMinutes(1).toNanos();

	private boolean any;

	private boolean failing;

	private long beganAt;

	private long recoveredAt;

	/**
	 * A flight has failed.
	 * @return whether this is the beginning
	 */
	boolean failed(long nanos) {
		boolean another = !this.failing && nanos - this.recoveredAt >= SETTLED && nanos - this.beganAt >= APART;
		boolean begins = !this.any || another;
		this.any = true;
		this.failing = true;
		this.beganAt = begins ? nanos : this.beganAt;
		return begins;
	}

	/**
	 * A flight has brought a token.
	 */
	void succeeded(long nanos) {
		if (this.failing) {
			this.failing = false;
			this.recoveredAt = nanos;
		}
	}

}
