package io.github.evertoken.lifecycle;

import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenObserver;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * What all keys of a manager share.
 *
 * @param scheduler the threads on which flights take off and waiters are woken, and the
 * timers of renewals
 * @param timer what ends waits
 * @param time the clocks
 * @param store where token sets rest
 * @param random gives numbers from 0 (inclusive) to 1 (exclusive)
 * @param events where events go
 * @param observers see what tokens cost
 * @param replica the name by which other replicas know this one, or {@code null}
 * @param aroundIssuers puts something around each issuer
 */
record ManagerResources(Scheduler scheduler, Timer timer, Time time, TokenStore store, DoubleSupplier random,
		EventStream events, List<TokenObserver> observers, @Nullable String replica,
		UnaryOperator<TokenIssuer> aroundIssuers) {

	Moment now() {
		return this.time.now();
	}

}
