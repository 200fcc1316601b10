package io.github.evertoken.lifecycle;

import java.time.Duration;

import io.github.evertoken.TokenEvent.Trigger;
import reactor.core.publisher.Mono;

/**
 * The end of what must not be cut off when a manager is closed: a refresh token that is
 * on its way, and a token set that the store does not know yet.
 */
final class Draining {

	private static final Duration INTERVAL = Duration.ofMillis(50);

	private Draining() {
	}

	/**
	 * Wait for one key.
	 */
	static Mono<Void> of(TokenLifecycle lifecycle) {
		return Mono.defer(() -> {
			Flight flight = lifecycle.state().flight();
			if (flight != null && flight.refreshToken() != null && !flight.isWaiting()
					&& !flight.isOverdue(lifecycle.now())) {
				if (flight instanceof Loan) {
					return flight.room().over().then(of(lifecycle));
				}
				return new Waiter(flight, Long.MAX_VALUE, Trigger.START).then(of(lifecycle))
					.onErrorResume((ex) -> of(lifecycle));
			}
			return (lifecycle.state().conditions().unsaved() != null)
					? lifecycle.client().resources().timer().signal(INTERVAL.toMillis()).then(of(lifecycle))
					: Mono.empty();
		});
	}

}
