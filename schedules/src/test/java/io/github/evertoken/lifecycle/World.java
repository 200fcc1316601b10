package io.github.evertoken.lifecycle;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.StoredTokenSet;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * A manager with a store and an issuer, whose time stands still until somebody moves it,
 * and whose flights start on the thread that asks for them: all concurrency is that of
 * the threads of a scenario.
 */
class World implements Scheduler {

	static final TokenKey KEY = TokenKey.of("client");

	final RotatingIssuer issuer;

	final VersionedStore store;

	final DefaultTokenManager manager;

	private final ConcurrentLinkedQueue<Caller> callers = new ConcurrentLinkedQueue<>();

	// Guarded by its own lock.
	private final PriorityQueue<Task> tasks = new PriorityQueue<>();

	private volatile long now;

	private volatile boolean wokenTooEarly;

	World() {
		this(new VersionedStore());
	}

	World(VersionedStore store) {
		this(store, 1);
	}

	World(VersionedStore store, long maximumSubjects) {
		this(store, new RotatingIssuer(), maximumSubjects);
	}

	/**
	 * Create one of the replicas that have a store and an issuer in common.
	 */
	World(SharedStore store, RotatingIssuer issuer) {
		this(store, issuer, 1);
	}

	private World(VersionedStore store, RotatingIssuer issuer, long maximumSubjects) {
		this.store = store;
		this.issuer = issuer;
		this.manager = DefaultTokenManager.builder()
			.virtualTime(this)
			.random(() -> 0)
			.store(store)
			.client(ClientSettings.of("client", this.issuer)
				.maxConcurrentRequests(1)
				.maximumSubjects(maximumSubjects)
				.awaitSignIn(Duration.ofSeconds(60))
				.maxWait(Duration.ofSeconds(60))
				.build())
			.build();
		stopSpinning(this.manager.lifecycle(KEY).client().resources().events());
	}

	/**
	 * Whoever emits an event while somebody else does spins, without a point at which the
	 * other thread would be let go on. Nobody listens here: the events need no lock.
	 */
	private static void stopSpinning(EventStream events) {
		events.flux();
		Object stream = read(read(events, "stream"), "value");
		try {
			field(stream, "sink").set(stream, Sinks.unsafe().many().multicast().directBestEffort());
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	TokenLifecycle key() {
		return this.manager.lifecycle(KEY);
	}

	void put(TokenKey key, TokenSet tokens) {
		run(this.manager.put(key, tokens));
	}

	void remove(TokenKey key) {
		run(this.manager.remove(key));
	}

	void revoke(TokenKey key) {
		run(this.manager.revoke(key));
	}

	/**
	 * All that a command waits for answers on the thread that asks.
	 */
	private static void run(Mono<Void> command) {
		AtomicInteger completed = new AtomicInteger();
		command.subscribe(null, (ex) -> {
			throw new AssertionError("A command has failed", ex);
		}, completed::incrementAndGet);
		check(completed.get() == 1, "A command has not completed");
	}

	Caller call(TokenKey key) {
		return call(Mono.defer(() -> this.manager.lifecycle(key).token()));
	}

	/**
	 * Let a caller call who looks at the key when it is told: the token is in place
	 * before anybody is woken. The one that is rejected meanwhile may be gone again.
	 */
	Caller callAndLook(TokenKey key, HeldToken rejected) {
		Mono<HeldToken> token = Mono.defer(() -> this.manager.lifecycle(key).token());
		return call(token.doOnNext((told) -> {
			if (told != rejected && this.manager.lifecycle(key).usable() == null) {
				this.wokenTooEarly = true;
			}
		}));
	}

	Caller call(Mono<HeldToken> token) {
		Caller caller = new Caller();
		this.callers.add(caller);
		token.subscribe(caller);
		return caller;
	}

	/**
	 * Let the time come at which a token that was put at the beginning is due.
	 */
	void untilDue() {
		this.now = RotatingIssuer.LIFETIME.toMillis() * 9 / 10;
	}

	/**
	 * Let time pass, and what is due then happen.
	 */
	void pass(Duration time) {
		long end = this.now + time.toMillis();
		for (Task task = next(end); task != null; task = next(end)) {
			this.now = Math.max(this.now, task.time());
			task.work().run();
		}
		this.now = end;
	}

	private Task next(long end) {
		synchronized (this.tasks) {
			this.tasks.removeIf((task) -> task.disposed().isDisposed());
			Task first = this.tasks.peek();
			return (first != null && first.time() <= end) ? this.tasks.poll() : null;
		}
	}

	/**
	 * Check what holds whenever everything has come to rest: no waiter is lost, no flight
	 * is left, memory and store agree, and the place on the runway is free.
	 */
	void checkAtRest(TokenKey... keys) {
		pass(Duration.ofSeconds(2));
		for (Caller caller : this.callers) {
			check(caller.told() == 1, "A caller was told " + caller.told() + " times");
		}
		check(!this.wokenTooEarly, "A caller was woken before the token was in place");
		check(!this.issuer.wasReused(), "A refresh token was redeemed twice");
		for (TokenKey key : keys) {
			checkAgreement(key);
		}
		ManagedClient client = this.manager.lifecycle(KEY).client();
		check(((Map<?, ?>) read(client.keys(), "aloft")).isEmpty(), "A key was left aloft");
		Runway runway = client.runway();
		check(Integer.valueOf(0).equals(read(runway, "running")), "A place on the runway was not given back");
		check(((Collection<?>) read(runway, "queue")).isEmpty(), "A flight has been left in the queue");
	}

	private void checkAgreement(TokenKey key) {
		KeyState state = this.manager.lifecycle(key).state();
		check(state.flight() == null, "A flight was left");
		check(state.conditions().unsaved() == null, "Something was left to be saved");
		check(state.conditions().disowned().isEmpty(), "Something was left to be revoked");
		StoredTokenSet record = this.store.record(key);
		if (state.generation() > 0 && record != null) {
			check(state.generation() == record.version(),
					"Memory has generation " + state.generation() + ", the store version " + record.version());
			TokenSet tokens = record.tokenSet();
			if (state.holdsAny()) {
				check(tokens != null, "Memory has what was removed from the store");
				check(state.held() == null || state.held().value().equals(tokens.accessToken()),
						"Memory has another token than the store");
				check(state.signedOut() != null || Objects.equals(state.refreshToken(), tokens.refreshToken()),
						"Memory has another refresh token than the store");
			}
		}
	}

	private static Object read(Object object, String name) {
		try {
			return field(object, name).get(object);
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Field field(Object object, String name) {
		try {
			Field field = object.getClass().getDeclaredField(name);
			field.setAccessible(true);
			return field;
		}
		catch (NoSuchFieldException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static void check(boolean holds, String otherwise) {
		if (!holds) {
			throw new AssertionError(otherwise);
		}
	}

	/**
	 * Run each action on a thread of its own, and wait for all.
	 */
	void together(Runnable... actions) {
		List<Thread> threads = new ArrayList<>();
		ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
		for (Runnable action : actions) {
			Thread thread = new Thread(() -> {
				try {
					long before = generation();
					action.run();
					long after = generation();
					check(after >= before, "The generation went back from " + before + " to " + after);
				}
				catch (Throwable ex) {
					failures.add(ex);
				}
			});
			threads.add(thread);
			thread.start();
		}
		try {
			for (Thread thread : threads) {
				thread.join();
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		for (Throwable failure : failures) {
			throw new AssertionError(failure.getMessage(), failure);
		}
	}

	private long generation() {
		KeyState state = key().state();
		return state.closed() ? Long.MAX_VALUE : state.generation();
	}

	@Override
	public Disposable schedule(Runnable task) {
		task.run();
		return Disposables.disposed();
	}

	@Override
	public Disposable schedule(Runnable work, long delay, TimeUnit unit) {
		Disposable disposed = Disposables.single();
		synchronized (this.tasks) {
			this.tasks.add(new Task(this.now + unit.toMillis(delay), work, disposed));
		}
		return disposed;
	}

	@Override
	public long now(TimeUnit unit) {
		return unit.convert(this.now, TimeUnit.MILLISECONDS);
	}

	@Override
	public Worker createWorker() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void dispose() {
	}

	/**
	 * What is to happen at a time.
	 */
	private record Task(long time, Runnable work, Disposable disposed) implements Comparable<Task> {

		@Override
		public int compareTo(Task other) {
			return Long.compare(this.time, other.time);
		}

	}

	/**
	 * Counts what it is told.
	 */
	static final class Caller extends BaseSubscriber<HeldToken> {

		private final AtomicInteger values = new AtomicInteger();

		private final AtomicInteger errors = new AtomicInteger();

		private volatile String value = "none";

		private volatile boolean left;

		@Override
		protected void hookOnNext(HeldToken token) {
			this.value = token.value();
			this.values.incrementAndGet();
		}

		@Override
		protected void hookOnError(Throwable failure) {
			this.errors.incrementAndGet();
		}

		/**
		 * Go, and be told once or not at all.
		 */
		void leave() {
			this.left = true;
			cancel();
		}

		String value() {
			return this.value;
		}

		int told() {
			int told = this.values.get() + this.errors.get();
			return (this.left && told == 0) ? 1 : told;
		}

	}

}
