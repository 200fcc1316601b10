package io.github.evertoken.lifecycle;

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

import io.github.evertoken.store.TokenStore;
import reactor.core.scheduler.Scheduler;

/**
 * What all keys of a manager share.
 *
 * @param scheduler the clock, the timers, and the thread on which flights take off
 * @param store where token sets rest
 * @param random gives numbers from 0 (inclusive) to 1 (exclusive)
 * @param events where events go
 */
record Surroundings(Scheduler scheduler, TokenStore store, DoubleSupplier random, EventStream events) {

	long now() {
		return this.scheduler.now(TimeUnit.MILLISECONDS);
	}

}
