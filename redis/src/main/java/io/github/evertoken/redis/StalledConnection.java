package io.github.evertoken.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.SubscriptionListener;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.ReactiveRedisMessageListenerContainer;

/**
 * Begins the steps on a thread that may wait for a connection. Notices that the one on
 * which they are made is dead, though nobody has closed it, and has another one made.
 */
final class StalledConnection {

	// A machine that vanished, or a firewall that forgets a connection, tells nobody. The
	// operating system sends what was not acknowledged again for a quarter of an hour,
	// and
	// the driver waits. So if steps are given up again and again and none is answered, a
	// second connection is tried: if Redis answers there, it is the first one that is
	// dead,
	// and not Redis that is slow.

	// Whoever asks the factory for its connection waits until it is there, with a lock on
	// the factory. A thread of the driver must not: it may be the one that has to make
	// the
	// connection. Those that follow a step which has failed, because its connection was
	// closed, are such threads. Nor are those that have the timers.

	private static final Logger logger = LoggerFactory.getLogger(RedisTokenStore.class);

	private static final Duration SUSPICIOUS = Duration.ofSeconds(2);

	private static final Duration PROBE = Duration.ofSeconds(2);

	private static final long NEVER = Long.MIN_VALUE;

	private final ReactiveRedisConnectionFactory connectionFactory;

	private final ChannelTopic probe;

	private final AtomicLong unansweredSince = new AtomicLong(NEVER);

	private final AtomicBoolean probing = new AtomicBoolean();

	/**
	 * One thread, so that steps are made in their order.
	 */
	private final Scheduler thread = Schedulers.single(Schedulers.boundedElastic());

	/**
	 * Create a watch.
	 * @param probe a channel on which nobody ever says anything
	 */
	StalledConnection(ReactiveRedisConnectionFactory connectionFactory, String probe) {
		this.connectionFactory = connectionFactory;
		this.probe = ChannelTopic.of(probe);
	}

	/**
	 * Watch whether a step is answered, in whichever way, or given up.
	 */
	<T> Mono<T> watch(Mono<T> step) {
		return step.subscribeOn(this.thread)
			.doOnTerminate(() -> this.unansweredSince.set(NEVER))
			.doOnCancel(this::givenUp);
	}

	private void givenUp() {
		long now = System.nanoTime();
		if (this.unansweredSince.compareAndSet(NEVER, now)) {
			return;
		}
		long since = this.unansweredSince.get();
		if (since != NEVER && now - since >= SUSPICIOUS.toNanos() && this.probing.compareAndSet(false, true)) {
			probe().subscribeOn(Schedulers.boundedElastic())
				.timeout(PROBE)
				.publishOn(Schedulers.boundedElastic())
				.doFinally((signal) -> this.probing.set(false))
				.subscribe((answered) -> reset(), (ex) -> logger.debug("Redis does not answer", ex));
		}
	}

	/**
	 * A subscription has a connection of its own.
	 */
	private Mono<Boolean> probe() {
		Answer answer = new Answer();
		return Mono.usingWhen(
				Mono.fromSupplier(() -> new ReactiveRedisMessageListenerContainer(this.connectionFactory)),
				(container) -> container.receive(List.of(this.probe), answer)
					.then(Mono.<Boolean>empty())
					.or(answer.received()),
				ReactiveRedisMessageListenerContainer::destroyLater);
	}

	private void reset() {
		if (this.unansweredSince.get() != NEVER
				&& this.connectionFactory instanceof LettuceConnectionFactory connections) {
			logger.warn("Nothing is answered on the connection to Redis, and on another one it is: the first one is"
					+ " dead, and is made anew");
			this.unansweredSince.set(NEVER);
			connections.resetConnection();
			connections.getReactiveConnection();
		}
	}

	/**
	 * What Redis says to a new listener.
	 */
	private static final class Answer implements SubscriptionListener {

		private final Sinks.One<Boolean> received = Sinks.one();

		@Override
		public void onChannelSubscribed(byte[] channel, long count) {
			this.received.tryEmitValue(true);
		}

		Mono<Boolean> received() {
			return this.received.asMono();
		}

	}

}
