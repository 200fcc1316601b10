package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.evertoken.LeasePolicy;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * One key whose clock stands still, whose flights start on the thread that asks for them,
 * and whose timers never ring but are counted.
 */
class Stage implements Scheduler {

	static final Duration LIFETIME = Duration.ofSeconds(100);

	static final TokenKey ALICE = TokenKey.of("client", "alice");

	private static final TokenKey BOB = TokenKey.of("client", "bob");

	private static final TokenKey KEY = TokenKey.of("client");

	final VersionedStore store = new VersionedStore();

	final AtomicInteger calls = new AtomicInteger();

	private final ConcurrentLinkedQueue<Disposable> timers = new ConcurrentLinkedQueue<>();

	private final DefaultTokenManager manager;

	final TokenLifecycle key;

	private volatile long now;

	private volatile Sinks.@Nullable One<TokenSet> answer;

	private volatile boolean refusing;

	/**
	 * The service's own key, and no store.
	 */
	Stage() {
		this(KEY, TokenStore.inMemory());
	}

	private Stage(TokenKey key, @Nullable TokenStore store) {
		this.manager = DefaultTokenManager.builder()
			.virtualTime(this)
			.random(() -> 0)
			.store((store != null) ? store : this.store)
			.client(ClientSettings.of("client", this::issue)
				.maxWait(Duration.ofSeconds(60))
				.awaitSignIn(Duration.ofSeconds(60))
				.maximumSubjects(1)
				.build())
			.build();
		this.key = this.manager.lifecycle(key);
	}

	/**
	 * The key of a user, of whom there may be one, and a store.
	 */
	static Stage ofUser() {
		return new Stage(ALICE, null);
	}

	/**
	 * Evict the user's key, because there is another one.
	 */
	void evict() {
		this.manager.lifecycle(BOB);
	}

	/**
	 * Return the life-cycle that the user's key has now.
	 */
	TokenLifecycle current() {
		return this.manager.lifecycle(ALICE);
	}

	/**
	 * Open a lease that does not end.
	 */
	void lease() {
		this.manager.lease(ALICE, Duration.ofSeconds(1), LeasePolicy.FAIL, Mono.never()).subscribe();
	}

	/**
	 * Let the issuer refuse whoever asks without a token set that was put in, and have
	 * the key signed out.
	 */
	Stage signedOut() {
		this.refusing = true;
		this.key.start().subscribe(null, (ex) -> {
		});
		return this;
	}

	private Mono<TokenSet> issue(TokenRequest request) {
		int call = this.calls.incrementAndGet();
		if (this.refusing) {
			return Mono.error(new ReauthenticationRequiredException(request.key(), "refused", null, null, null));
		}
		Sinks.One<TokenSet> answer = this.answer;
		return (answer != null) ? answer.asMono() : Mono.just(tokens("issued" + call));
	}

	static TokenSet tokens(String value) {
		return TokenSet.withAccessToken(value).expiresIn(LIFETIME).build();
	}

	/**
	 * Let a flight wait for {@link #land()}.
	 */
	Stage inFlight(CoreSubscriber<HeldToken> caller) {
		this.answer = Sinks.one();
		this.key.token().subscribe(caller);
		return this;
	}

	void land() {
		Sinks.One<TokenSet> answer = this.answer;
		if (answer != null) {
			answer.tryEmitValue(tokens("landed"));
		}
	}

	/**
	 * Put a token set in and return it as held.
	 */
	HeldToken holding(String value) {
		put(value);
		HeldToken held = this.key.usable();
		if (held == null) {
			throw new IllegalStateException("Nothing is held");
		}
		return held;
	}

	void put(String value) {
		new Commands(this.key).put(tokens(value)).subscribe();
	}

	void remove() {
		new Commands(this.key).remove().subscribe();
	}

	/**
	 * Let the time come at which the token that is held is due.
	 */
	void untilDue() {
		this.now = LIFETIME.toMillis() * 9 / 10;
	}

	/**
	 * Return the token that a caller would get now without waiting, or "none".
	 */
	String held() {
		HeldToken held = this.key.usable();
		return (held != null) ? held.accessToken().value() : "none";
	}

	int runningTimers() {
		return (int) this.timers.stream().filter((timer) -> !timer.isDisposed()).count();
	}

	void close() {
		this.manager.close();
	}

	@Override
	public Disposable schedule(Runnable task) {
		task.run();
		return Disposables.disposed();
	}

	@Override
	public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
		Disposable timer = Disposables.single();
		if (unit == TimeUnit.MILLISECONDS && delay > 50_000) {
			this.timers.add(timer);
		}
		return timer;
	}

	@Override
	public long now(TimeUnit unit) {
		return unit.convert(this.now, TimeUnit.MILLISECONDS);
	}

	@Override
	public Worker createWorker() {
		return new Worker() {
			@Override
			public Disposable schedule(Runnable task) {
				return Stage.this.schedule(task);
			}

			@Override
			public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
				return Stage.this.schedule(task, delay, unit);
			}

			@Override
			public void dispose() {
			}
		};
	}

	@Override
	public void dispose() {
	}

	/**
	 * Counts what it is told.
	 */
	static final class Caller extends BaseSubscriber<HeldToken> {

		final AtomicInteger values = new AtomicInteger();

		final AtomicInteger errors = new AtomicInteger();

		volatile String value = "none";

		private final long demand;

		Caller(long demand) {
			this.demand = demand;
		}

		Caller() {
			this(Long.MAX_VALUE);
		}

		/**
		 * Return how often the caller was told something.
		 */
		int told() {
			return this.values.get() + this.errors.get();
		}

		@Override
		protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
			if (this.demand > 0) {
				subscription.request(this.demand);
			}
		}

		@Override
		protected void hookOnNext(HeldToken token) {
			this.value = token.accessToken().value();
			this.values.incrementAndGet();
		}

		@Override
		protected void hookOnError(Throwable throwable) {
			this.errors.incrementAndGet();
		}

	}

}
