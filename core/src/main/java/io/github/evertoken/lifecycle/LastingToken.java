package io.github.evertoken.lifecycle;

import java.time.Duration;

import io.github.evertoken.LeaseNotCoveredException;
import io.github.evertoken.LeasePolicy;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * What a caller gets who says for how long a key's token is to last.
 */
final class LastingToken {

	private final TokenLifecycle lifecycle;

	private final ManagedClient client;

	private final Duration expectedDuration;

	LastingToken(TokenLifecycle lifecycle, Duration expectedDuration) {
		this.lifecycle = lifecycle;
		this.client = lifecycle.client();
		this.expectedDuration = ClientSettings.bounded(expectedDuration);
	}

	/**
	 * Prepare a lease.
	 * @throws IllegalArgumentException if a lease must not have that duration
	 */
	static LastingToken forLease(TokenLifecycle lifecycle, Duration duration) {
		if (duration.isZero() || duration.isNegative()) {
			throw new IllegalArgumentException("The duration of a lease must be positive, but is " + duration);
		}
		Duration longest = lifecycle.client().settings().maxLease();
		if (duration.compareTo(longest) > 0) {
			throw new IllegalArgumentException("The duration of a lease for " + lifecycle.key() + " must not exceed "
					+ longest + ", but is " + duration + "; set evertoken.clients." + lifecycle.key().client()
					+ ".max-lease if it may");
		}
		return new LastingToken(lifecycle, duration);
	}

	/**
	 * Return the token that is held if it lasts, a new one if that helps, and the one
	 * that is held otherwise.
	 */
	Mono<HeldToken> token() {
		return Mono.deferContextual(this::token).doOnNext(this::review);
	}

	private Mono<HeldToken> token(ContextView context) {
		HeldToken held = this.lifecycle.usable();
		if (held == null) {
			return this.lifecycle.token();
		}
		Moment now = this.lifecycle.now();
		if (lasts(held, now) || !isWorthReplacing(held, now)) {
			return Mono.just(held);
		}
		return this.lifecycle.replacement(held, Trigger.EXPECTED_DURATION, context)
			.onErrorResume(TokenException.class,
					(ex) -> held.isUsable(this.lifecycle.now()) ? Mono.just(held) : Mono.error(ex));
	}

	/**
	 * A new token helps if it would last long enough. If it would not either, it helps as
	 * long as the one that is held is not as good as new: a caller after the other may
	 * ask for what cannot be had, and must not cause a flight each.
	 */
	private boolean isWorthReplacing(HeldToken held, Moment now) {
		return held.lifetimeMillis() >= this.expectedDuration.toMillis()
				|| held.age(now) > held.lifetimeMillis() * (1 - this.client.settings().renewAt());
	}

	private void review(HeldToken token) {
		if (!lasts(token, this.lifecycle.now()) && token.isFirstFoundTooShort()) {
			this.client.events(this.lifecycle.key()).lifetimeTooShort(token, this.expectedDuration);
		}
	}

	/**
	 * Open a lease as soon as a token is held that lasts for it.
	 * @return a {@code Mono} with the open lease, which is to be closed
	 */
	Mono<OpenLease> lease(LeasePolicy policy) {
		return token().flatMap((token) -> {
			Moment now = this.lifecycle.now();
			if (policy == LeasePolicy.FAIL && !lasts(token, now)
					&& token.lifetimeMillis() < this.expectedDuration.toMillis()) {
				throw new LeaseNotCoveredException(this.lifecycle.key(), this.expectedDuration, token.remaining(now));
			}
			long end = now.after(this.expectedDuration.toMillis());
			OpenLease lease = new OpenLease(this.lifecycle, end);
			return lease.open() ? Mono.just(lease) : this.client.keys()
				.goOn(this.lifecycle, (successor) -> new LastingToken(successor, this.expectedDuration).lease(policy));
		});
	}

	private boolean lasts(HeldToken token, Moment now) {
		return token.remaining(now).compareTo(this.expectedDuration) >= 0;
	}

	/**
	 * A lease that is open until it is closed.
	 */
	record OpenLease(TokenLifecycle lifecycle, long end) {

		/**
		 * An open lease keeps its key from being evicted. An eviction that has not seen
		 * it must fail: it fails, like whoever has an old state, because the state is
		 * another one.
		 * @return whether the lease is open; not if the key was evicted
		 */
		boolean open() {
			this.lifecycle.reminder().leases().open(this.end);
			boolean opened = !this.lifecycle.happens(new CommandEvents.Leased()).next().closed();
			if (!opened) {
				this.lifecycle.reminder().leases().close(this.end);
			}
			return opened;
		}

		void close() {
			this.lifecycle.reminder().leases().close(this.end);
			this.lifecycle.remind();
			this.lifecycle.client().keys().settled(this.lifecycle);
		}

	}

}
