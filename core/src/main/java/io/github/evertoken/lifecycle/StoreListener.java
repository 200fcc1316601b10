package io.github.evertoken.lifecycle;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.evertoken.TokenKey;
import io.github.evertoken.store.StoreChange;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/**
 * Listens to what others change in the store of one client. It is a hint: what the record
 * says is the truth, and whoever may have missed a hint looks by itself.
 */
final class StoreListener {

	/**
	 * A key for which nobody waits looks within so many milliseconds, and not at the same
	 * time as all other replicas.
	 */
	private static final long SOON = 250;

	private static final Duration ONCE = Duration.ofSeconds(1);

	private static final int MOST_DOUBTED = 10_000;

	private static final int LOOKS_AT_A_TIME = 8;

	private final ManagedClient client;

	private final Disposable.Swap subscription = Disposables.swap();

	private final Lazy<Cache<TokenKey, Boolean>> doubted = new Lazy<>(this::newCache);

	StoreListener(ManagedClient client) {
		this.client = client;
	}

	private Cache<TokenKey, Boolean> newCache() {
		return Caffeine.newBuilder()
			.maximumSize(MOST_DOUBTED)
			.expireAfterWrite(ONCE)
			.ticker(this.client.time()::nanos)
			.executor(Runnable::run)
			.build();
	}

	/**
	 * Listen, if there is a store.
	 */
	void listen() {
		if (this.client.store().areNone()) {
			return;
		}
		Flux<StoreChange> changes = this.client.store().store().changes();
		this.subscription.update(isShared() ? changes.subscribe(this::changed, (ex) -> missed(), this::missed)
				: changes.onErrorComplete().subscribe(this::changed));
	}

	private boolean isShared() {
		return this.client.store().shared() != null;
	}

	private void changed(StoreChange change) {
		TokenLifecycle known = this.client.known(change.key());
		if (known == null || !change.key().client().equals(this.client.settings().name())) {
			return;
		}
		if (!isShared() || isUrgent(known.state())) {
			new Commands(known).lookAgain();
		}
		else if (!change.renewal() || !isWell(known.state())) {
			later(SOON, () -> new Commands(known).lookAgain());
		}
	}

	private static boolean isUrgent(KeyState state) {
		Flight flight = state.flight();
		return (flight != null && flight.isWaiting()) || state.signedOut() != null
				|| state.conditions().suspect() != null;
	}

	/**
	 * Tell whether a key can do with what it holds until its own renewal time, which
	 * comes to each replica at another time. The access token of a session may not
	 * outlive the refresh token that it came with for long.
	 */
	private boolean isWell(KeyState state) {
		HeldToken held = state.held();
		return held != null && held.isFresh(this.client.resources().now()) && state.refreshToken() == null;
	}

	/**
	 * Nobody knows what was changed since: listen again, and look at all keys.
	 */
	private void missed() {
		later(ONCE.toMillis(), () -> {
			if (!this.client.isClosed()) {
				listen();
				Flux.fromIterable(this.client.all())
					.filter((lifecycle) -> lifecycle.state().generation() > 0)
					.flatMap((lifecycle) -> new Commands(lifecycle).looking(), LOOKS_AT_A_TIME)
					.subscribe();
			}
		});
	}

	private void later(long longest, Runnable task) {
		long pause = (long) (longest * this.client.resources().random().getAsDouble());
		this.client.resources().timer().after(Math.max(1, pause), task);
	}

	/**
	 * A caller is told that somebody must log in, which may have happened elsewhere:
	 * look, once in a while.
	 */
	void mayHaveMissed(TokenLifecycle lifecycle) {
		if (isShared() && this.doubted.get().asMap().putIfAbsent(lifecycle.key(), true) == null) {
			new Commands(lifecycle).lookAgain();
		}
	}

	void close() {
		this.subscription.dispose();
	}

}
