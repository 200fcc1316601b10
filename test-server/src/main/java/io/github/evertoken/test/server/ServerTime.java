package io.github.evertoken.test.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/**
 * A clock by which an {@link AuthorizationServer} not only tells the time but waits too.
 * It may be one that a test moves. Implementations are thread-safe.
 *
 * @since 0.1.0
 */
public interface ServerTime extends InstantSource {

	/**
	 * Let an answer wait. It is called on the thread of the connection, without a lock,
	 * and returns when the answer is due or nobody waits for it any more.
	 * @param endpoint the endpoint that is to answer
	 * @param delay how long, by this time
	 * @param waits waits for some milliseconds of real time, and tells whether the client
	 * does too
	 */
	void delay(Endpoint endpoint, Duration delay, BooleanSupplier waits);

}
