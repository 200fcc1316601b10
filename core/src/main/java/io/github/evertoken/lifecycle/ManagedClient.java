package io.github.evertoken.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRevocationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One client with all its keys, and with what they share: the service's own key, which is
 * kept for ever, and the keys of its subjects and those that something else varies, of
 * which a bounded number is kept while they are used.
 */
final class ManagedClient {

	// How an eviction and a flight meet:
	//
	// A key must have one life-cycle at a time, or else it would have two flights. An
	// evicted key that is at rest is retired: its state is closed by
	// compare-and-set, after which no flight can start from it, and whoever still has
	// the life-cycle is sent on to its successor. One with a running flight, or with an
	// open lease, moves from `keys` to `aloft` and is found there, until it is taken
	// back.
	//
	// Whatever changes the place of a key runs in Caffeine's atomic section for that key:
	// evicted() as its eviction listener, found() and the taking back of settled() as
	// mapping functions of computeIfAbsent, before which an expired entry is told to
	// evicted() too. So a key is never looked for between its two places. None of the
	// three calls anybody from within the section: waiters are woken, and life-cycles
	// closed, outside of it.
	//
	// What remains is the landing, or the end of a lease, which changes the state and not
	// the place. It writes
	// the state (no flight) and then reads `aloft`; evicted() writes `aloft` and then
	// reads the state. One of the two sees the other:
	//
	// evicted() sees the landed state: it retires the key at once, which then was
	// evicted just after its landing; settled() finds nothing to take back;
	// settled() sees the key aloft: it takes it back, with the token that has landed;
	// both do: whichever comes first decides, and in either order the key has left
	// `aloft`, which holds running flights only and no more than there are.
	//
	// A full cache may refuse a key at once that is used less than those it has: the
	// life-cycle is retired before whoever asked for it can use it. So the way on from a
	// retired life-cycle does not lead through the cache: revived() begins the next one
	// aloft, where no eviction reaches it, and settled() takes it into the cache when
	// its flight has started, or has not been needed.
	//
	// With the eviction goes all that is known of the key, its refresh token and its
	// cooldown included. The store may know the refresh token still: it is asked at the
	// first flight of the successor. The store in memory keeps nothing of its own.
	//
	// Caffeine works on the threads of those who use it, and has no timer: idle keys of
	// a client that nobody uses stay until somebody does.

	private static final Logger logger = LoggerFactory.getLogger(ManagedClient.class);

	private static final int REVOCATIONS_AT_A_TIME = 8;

	private final ClientSettings settings;

	private final Surroundings surroundings;

	private final RenewalSchedule schedule;

	private final IssuerCall call;

	private final LifecycleEvents events;

	private final TokenLifecycle service;

	private final Lazy<Cache<TokenKey, TokenLifecycle>> keys = new Lazy<>(this::newCache);

	private final ConcurrentHashMap<TokenKey, TokenLifecycle> aloft = new ConcurrentHashMap<>();

	private final SignIns signIns = new SignIns();

	private volatile boolean closed;

	ManagedClient(ClientSettings settings, Surroundings surroundings) {
		this.settings = settings;
		this.surroundings = surroundings;
		this.schedule = new RenewalSchedule(settings, surroundings.random());
		this.call = new IssuerCall(settings, surroundings);
		this.events = new LifecycleEvents(surroundings);
		this.service = new TokenLifecycle(TokenKey.of(settings.name()), this, KeyState.empty(settings.refreshToken()));
	}

	/**
	 * Many a client has the service's own key and no other.
	 */
	private Cache<TokenKey, TokenLifecycle> newCache() {
		return Caffeine.newBuilder()
			.maximumSize(this.settings.maximumSubjects())
			.expireAfterAccess(this.settings.subjectExpireAfterIdle())
			.ticker(() -> this.surroundings.scheduler().now(TimeUnit.NANOSECONDS))
			.executor(Runnable::run)
			.evictionListener(this::evicted)
			.build();
	}

	ClientSettings settings() {
		return this.settings;
	}

	Surroundings surroundings() {
		return this.surroundings;
	}

	RenewalSchedule schedule() {
		return this.schedule;
	}

	IssuerCall call() {
		return this.call;
	}

	LifecycleEvents events() {
		return this.events;
	}

	SignIns signIns() {
		return this.signIns;
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Return the life-cycle that one of this client's keys has now.
	 */
	TokenLifecycle lifecycle(TokenKey key) {
		if (this.service.key().equals(key)) {
			return this.service;
		}
		TokenLifecycle lifecycle = this.keys.get().getIfPresent(key);
		return ((lifecycle != null) ? lifecycle : added(key)).of(key);
	}

	/**
	 * A key that comes while the manager is closed is either there when close() walks
	 * through all keys, or sees here that it is closed: one of the two closes it. The
	 * same goes for the first key, with which the cache itself comes.
	 */
	private TokenLifecycle added(TokenKey key) {
		TokenLifecycle lifecycle = this.keys.get().asMap().computeIfAbsent(key, this::found);
		if (this.closed) {
			lifecycle.close();
		}
		return lifecycle;
	}

	private TokenLifecycle found(TokenKey key) {
		TokenLifecycle lifecycle = this.aloft.remove(key);
		return (lifecycle != null) ? lifecycle : began(key);
	}

	private TokenLifecycle began(TokenKey key) {
		return new TokenLifecycle(key, this, KeyState.EMPTY);
	}

	/**
	 * Return the life-cycle that follows a retired one. Whoever asks for it uses it and
	 * then calls {@link #settled}.
	 */
	TokenLifecycle revived(TokenKey key) {
		TokenLifecycle[] revived = new TokenLifecycle[1];
		this.keys.get().asMap().compute(key, (same, present) -> {
			revived[0] = (present != null) ? present : this.aloft.computeIfAbsent(key, (absent) -> began(absent));
			return present;
		});
		return revived[0];
	}

	private void evicted(@Nullable TokenKey key, @Nullable TokenLifecycle lifecycle, RemovalCause cause) {
		if (key == null || lifecycle == null || lifecycle.retire()) {
			return;
		}
		this.aloft.put(key, lifecycle);
		if (lifecycle.retire()) {
			this.aloft.remove(key);
		}
	}

	/**
	 * Take a key into the cache if it is aloft: because it was evicted during the flight
	 * that has just ended, or because it was revived. If its flight is running still, it
	 * may be aloft again at once.
	 */
	void settled(TokenLifecycle lifecycle) {
		TokenKey key = lifecycle.key();
		if (this.aloft.containsKey(key)) {
			this.keys.get().asMap().computeIfAbsent(key, this.aloft::remove);
			if (this.closed) {
				lifecycle.close();
			}
		}
	}

	/**
	 * Revoke what all keys hold, a few at a time.
	 */
	Mono<Void> revokeAll() {
		return Flux.defer(() -> Flux.fromIterable(all()))
			.filter((lifecycle) -> lifecycle.state().holdsAny())
			.flatMap((lifecycle) -> lifecycle.revoke().onErrorResume(TokenRevocationException.class, (ex) -> {
				logger.warn(ex.getMessage());
				return Mono.empty();
			}), REVOCATIONS_AT_A_TIME)
			.then();
	}

	private List<TokenLifecycle> all() {
		List<TokenLifecycle> all = new ArrayList<>();
		all.add(this.service);
		this.keys.ifMade((cache) -> all.addAll(cache.asMap().values()));
		all.addAll(this.aloft.values());
		return all;
	}

	/**
	 * Close every key. Whichever moves from the cache to those aloft meanwhile is in the
	 * cache until it is there, and whichever moves back is closed by who moves it.
	 */
	void close() {
		this.closed = true;
		this.service.close();
		this.keys.ifMade(ManagedClient::closeAll);
		this.aloft.values().forEach(TokenLifecycle::close);
		this.signIns.wakeAll();
	}

	private static void closeAll(Cache<TokenKey, TokenLifecycle> keys) {
		keys.cleanUp();
		keys.asMap().values().forEach(TokenLifecycle::close);
	}

	/**
	 * Return how many keys there are beside the service's own, after whatever is due to
	 * be evicted was.
	 */
	long size() {
		Cache<TokenKey, TokenLifecycle> keys = this.keys.get();
		keys.cleanUp();
		return keys.estimatedSize() + this.aloft.size();
	}

}
