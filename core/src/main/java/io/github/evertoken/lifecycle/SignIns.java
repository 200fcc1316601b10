package io.github.evertoken.lifecycle;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import io.github.evertoken.TokenKey;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Where calls on signed-out keys of one client wait until somebody has logged in.
 */
final class SignIns {

	// The waiting place is not part of a key's state, because it outlives it: a key may
	// be evicted while calls wait for it, and put() then comes to its successor. It is
	// there while somebody waits, and gone with the last one, whichever way that one
	// leaves.
	//
	// How waiting and signing in meet: whoever waits writes itself down here and then
	// reads the state; whoever signs in writes the state and then looks here. One of the
	// two sees the other, so that nobody waits for a sign-in that has been. Whoever is
	// woken looks at the state anew: one finds the token, or starts the flight that the
	// others join. So neither does it matter whether a token or a refresh token was put
	// in, nor whether somebody is woken in vain.
	//
	// The lock of a key's entry in the map guards its set. Nobody is called under it.

	private final ConcurrentHashMap<TokenKey, Set<MonoSink<Void>>> waiting = new ConcurrentHashMap<>();

	private final Waking<MonoSink<Void>> waking;

	SignIns(ManagerResources resources) {
		this.waking = new Waking<>(resources);
	}

	/**
	 * Wait for the next sign-in.
	 * @param key the key that is signed out
	 * @param signedOut whether it still is
	 * @return a {@code Mono} that completes when it is worth looking at the state again
	 */
	Mono<Void> next(TokenKey key, BooleanSupplier signedOut) {
		return Mono.create((waiter) -> {
			this.waiting.compute(key, (same, waiters) -> with(waiters, waiter));
			waiter.onDispose(() -> this.waiting.computeIfPresent(key, (same, waiters) -> without(waiters, waiter)));
			if (!signedOut.getAsBoolean()) {
				waiter.success();
			}
		});
	}

	private static Set<MonoSink<Void>> with(@Nullable Set<MonoSink<Void>> waiters, MonoSink<Void> waiter) {
		Set<MonoSink<Void>> all = (waiters != null) ? waiters : new LinkedHashSet<>();
		all.add(waiter);
		return all;
	}

	private static @Nullable Set<MonoSink<Void>> without(Set<MonoSink<Void>> waiters, MonoSink<Void> waiter) {
		waiters.remove(waiter);
		return waiters.isEmpty() ? null : waiters;
	}

	/**
	 * Wake all who wait for keys that borrow a key's refresh token, and have been
	 * forgotten meanwhile: nobody else tells them.
	 * @param forgotten whether a key has no life-cycle any more
	 */
	void wakeVaried(TokenKey own, Predicate<TokenKey> forgotten) {
		this.waiting.keySet()
			.stream()
			.filter((key) -> VariedKeys.isVaried(key) && VariedKeys.ownKey(key).equals(own) && forgotten.test(key))
			.forEach(this::wake);
	}

	/**
	 * Wake all who wait for a key, in the order in which they came. It is no longer
	 * signed out.
	 */
	void wake(TokenKey key) {
		Set<MonoSink<Void>> waiters = this.waiting.remove(key);
		if (waiters != null) {
			this.waking.all(new ConcurrentLinkedQueue<>(waiters), MonoSink::success);
		}
	}

	void wakeAll() {
		List.copyOf(this.waiting.keySet()).forEach(this::wake);
	}

	int size() {
		return this.waiting.values().stream().mapToInt(Set::size).sum();
	}

}
