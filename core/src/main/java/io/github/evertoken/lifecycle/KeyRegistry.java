package io.github.evertoken.lifecycle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy.FixedExpiration;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * The keys of one client beside the service's own: those of its subjects, and those that
 * something else varies, of which a bounded number is kept while they are used.
 */
final class KeyRegistry {

	// How an eviction and a flight meet:
	//
	// A key must have one life-cycle at a time, or else it would have two flights. An
	// evicted key that is at rest is retired: its state is closed by compare-and-set,
	// after which no flight can start from it, and whoever still has the life-cycle is
	// sent on to its successor. One with a running flight, with an open lease, with a
	// token set that is still to be saved, or with a lost answer that it still asks for,
	// moves from `keys` to `aloft` and is found there, until it is taken back.
	//
	// Whatever changes the place of a key runs in Caffeine's atomic section for that
	// key: evicted() as its eviction listener, trim(), found() and the taking back of
	// settled() as mapping functions, before which an expired entry is told to evicted()
	// too. So a key is never looked for between its two places. None of them calls
	// anybody from within the section but the stream of events, which only enqueues:
	// waiters are woken, and life-cycles closed, outside of it.
	//
	// What remains is the landing, or the end of a lease, which changes the state and
	// not the place. It writes the state (no flight) and then reads `aloft`; evicted()
	// writes `aloft` and then reads the state. One of the two sees the other:
	//
	// evicted() sees the landed state: it retires the key at once, which then was
	// evicted just after its landing; settled() finds nothing to take back;
	// settled() sees the key aloft: it takes it back, with the token that has landed;
	// both do: whichever comes first decides, and in either order the key has left
	// `aloft`, which holds running flights only and no more than there are.
	//
	// Which key goes, when there are too many, is decided by recency alone (LC-12). A
	// policy that weighs how often a key was used would forget whoever has just logged
	// in. Caffeine has none by recency; it has the order of the accesses, for the idle
	// ones, in which it forgets one access in some. So trim() looks at more than it
	// needs of those that come first, and at when each was used last.

	private static final int MARGIN = 128;

	private final ManagedClient client;

	private final ManagerResources resources;

	private final Lazy<Cache<TokenKey, TokenLifecycle>> keys = new Lazy<>(this::newCache);

	private final ConcurrentHashMap<TokenKey, TokenLifecycle> aloft = new ConcurrentHashMap<>();

	private final AtomicBoolean trimming = new AtomicBoolean();

	KeyRegistry(ManagedClient client) {
		this.client = client;
		this.resources = client.resources();
	}

	/**
	 * Many a client has the service's own key and no other.
	 */
	private Cache<TokenKey, TokenLifecycle> newCache() {
		return Caffeine.newBuilder()
			.expireAfterAccess(this.client.settings().subjectExpireAfterIdle())
			.ticker(this.resources.time()::nanos)
			.scheduler(this::later)
			.executor(Runnable::run)
			.evictionListener(this::evicted)
			.build();
	}

	/**
	 * Idle keys go without anybody's help.
	 */
	private Future<?> later(Executor executor, Runnable task, long delay, TimeUnit unit) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		Disposable timer = this.resources.timer().after(unit.toMillis(delay) + 1, () -> {
			executor.execute(task);
			done.complete(null);
		});
		done.whenComplete((nothing, ex) -> timer.dispose());
		return done;
	}

	/**
	 * Return the life-cycle that a key has now.
	 */
	TokenLifecycle lifecycle(TokenKey key) {
		TokenLifecycle known = this.keys.get().getIfPresent(key);
		TokenLifecycle lifecycle = (known != null) ? known : added(key);
		lifecycle.learn(key);
		lifecycle.touch(this.resources.time().mono());
		return lifecycle;
	}

	/**
	 * Return the life-cycle that a key has now, {@code null} if it has none.
	 */
	@Nullable TokenLifecycle known(TokenKey key) {
		List<TokenLifecycle> found = new ArrayList<>(1);
		this.keys.ifMade((cache) -> cache.asMap().compute(key, (same, present) -> {
			TokenLifecycle known = (present != null) ? present : this.aloft.get(key);
			if (known != null) {
				found.add(known);
			}
			return present;
		}));
		return found.isEmpty() ? null : found.get(0);
	}

	/**
	 * A key that comes while the manager is closed is either there when close() walks
	 * through all keys, or sees here that it is closed: one of the two closes it. The
	 * same goes for the first key, with which the cache itself comes.
	 */
	private TokenLifecycle added(TokenKey key) {
		Cache<TokenKey, TokenLifecycle> cache = this.keys.get();
		TokenLifecycle lifecycle = cache.asMap().computeIfAbsent(key, this::found);
		trim(cache, key);
		if (this.client.isClosed()) {
			this.client.close(lifecycle);
		}
		return lifecycle;
	}

	private TokenLifecycle found(TokenKey key) {
		TokenLifecycle lifecycle = this.aloft.remove(key);
		return (lifecycle != null) ? lifecycle : began(key);
	}

	private TokenLifecycle began(TokenKey key) {
		this.client.variedKeys().began(key);
		return new TokenLifecycle(key, this.client, KeyState.EMPTY);
	}

	/**
	 * Forget those that nobody has used for the longest time, if there are too many. One
	 * thread at a time does: it sees what the others have added.
	 * @param spared the key that was added, whatever its age
	 */
	private void trim(Cache<TokenKey, TokenLifecycle> cache, @Nullable TokenKey spared) {
		long excess = cache.estimatedSize() - this.client.settings().maximumSubjects();
		if (excess <= 0 || !this.trimming.compareAndSet(false, true)) {
			return;
		}
		try {
			FixedExpiration<TokenKey, TokenLifecycle> access = cache.policy().expireAfterAccess().orElseThrow();
			cache.cleanUp();
			excess = cache.estimatedSize() - this.client.settings().maximumSubjects();
			access.oldest((int) Math.min(Integer.MAX_VALUE, 2 * excess + MARGIN))
				.entrySet()
				.stream()
				.filter((entry) -> spared == null || !entry.getKey().equals(spared))
				.sorted(Comparator.comparingInt((entry) -> entry.getValue().lastUse()))
				.limit(excess)
				.forEach((entry) -> cache.asMap().computeIfPresent(entry.getKey(), this::leftOut));
		}
		finally {
			this.trimming.set(false);
		}
	}

	@SuppressWarnings("NullAway") // null is how a mapping function of a map lets go
	private TokenLifecycle leftOut(TokenKey key, TokenLifecycle lifecycle) {
		evicted(key, lifecycle, RemovalCause.SIZE);
		return null;
	}

	private void evicted(@Nullable TokenKey key, @Nullable TokenLifecycle lifecycle, RemovalCause cause) {
		if (key == null || lifecycle == null || retire(lifecycle, cause)) {
			return;
		}
		this.aloft.put(key, lifecycle);
		if (retire(lifecycle, cause)) {
			this.aloft.remove(key);
		}
	}

	/**
	 * End a life-cycle because its key was evicted, and let go of the tokens. Whoever
	 * still has it is sent on to its successor.
	 * @return {@code false} if nothing was changed, because it is busy
	 */
	private boolean retire(TokenLifecycle lifecycle, RemovalCause cause) {
		Transition transition = lifecycle.apply((state, now) -> new CommandEvents.Evicted(lifecycle.isLeased()));
		if (!transition.next().closed()) {
			return false;
		}
		this.client.variedKeys().ended(lifecycle.key());
		if (transition.changes() && transition.before().refreshToken() != null) {
			this.client.forgotten(lifecycle.key(), transition.before(), cause == RemovalCause.SIZE);
		}
		return true;
	}

	/**
	 * Go on with the life-cycle that the key has now, if this one has ended with an
	 * eviction and not with the manager.
	 */
	<T> Mono<T> goOn(TokenLifecycle ended, Function<TokenLifecycle, Mono<T>> step) {
		if (this.client.isClosed()) {
			return Mono.error(new TransientTokenException(ended.key(), "the token manager is closed", null));
		}
		return step(ended, step);
	}

	/**
	 * Do something with the life-cycle that follows a retired one. It begins aloft, where
	 * no eviction reaches it, and settles when its flight has started, or has not been
	 * needed.
	 */
	<T> T step(TokenLifecycle ended, Function<TokenLifecycle, T> step) {
		TokenKey key = ended.key();
		TokenLifecycle[] next = new TokenLifecycle[1];
		this.keys.get().asMap().compute(key, (same, present) -> {
			next[0] = (present != null) ? present : this.aloft.computeIfAbsent(key, (absent) -> began(absent));
			return present;
		});
		T result = step.apply(next[0]);
		settled(next[0]);
		return result;
	}

	/**
	 * Take a key into the cache if it is aloft: because it was evicted during the flight
	 * that has just ended, or because it follows a retired one. If its flight is running
	 * still, it may be aloft again at once.
	 */
	void settled(TokenLifecycle lifecycle) {
		settled(lifecycle, lifecycle.key());
	}

	/**
	 * Take a key back that need not be kept, and goes first if nobody has used it since.
	 */
	void settled(TokenLifecycle lifecycle, @Nullable TokenKey spared) {
		TokenKey key = lifecycle.key();
		if (!this.aloft.isEmpty() && this.aloft.containsKey(key) && !lifecycle.state().closed()) {
			Cache<TokenKey, TokenLifecycle> cache = this.keys.get();
			cache.asMap().computeIfAbsent(key, this.aloft::remove);
			trim(cache, spared);
			if (this.client.isClosed()) {
				this.client.close(lifecycle);
			}
		}
	}

	List<TokenLifecycle> all() {
		List<TokenLifecycle> all = new ArrayList<>();
		this.keys.ifMade((cache) -> all.addAll(cache.asMap().values()));
		all.addAll(this.aloft.values());
		return all;
	}

	/**
	 * Close every key. Whichever moves from the cache to those aloft meanwhile is in the
	 * cache until it is there, and whichever moves back is closed by who moves it.
	 */
	void close() {
		this.keys.ifMade((cache) -> {
			cache.cleanUp();
			cache.asMap().values().forEach(this.client::close);
		});
		this.aloft.values().forEach(this.client::close);
		this.keys.ifMade(Cache::invalidateAll);
	}

	/**
	 * Return how many keys there are, after whatever is due to be evicted was.
	 */
	long size() {
		Cache<TokenKey, TokenLifecycle> cache = this.keys.get();
		cache.cleanUp();
		trim(cache, null);
		return cache.estimatedSize() + this.aloft.size();
	}

}
