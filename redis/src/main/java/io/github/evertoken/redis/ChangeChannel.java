package io.github.evertoken.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.ReactiveSubscription.Message;
import org.springframework.data.redis.connection.SubscriptionListener;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.ReactiveRedisMessageListenerContainer;

/**
 * The channel on which the changes of records are told.
 */
final class ChangeChannel {

	// A listener sends nothing, so that it is never told that its connection is dead, and
	// what stands between it and Redis forgets a connection on which nothing is sent. So
	// it
	// sends itself a message now and then, over another connection, on a channel of its
	// own. Whoever asks for a connection may have to wait for it: see StalledConnection.

	private final ReactiveRedisConnectionFactory connectionFactory;

	private final ReactiveStringRedisTemplate redis;

	private final ChannelTopic changes;

	private final ChannelTopic ownPulse;

	private final Duration pulse;

	/**
	 * Create a channel.
	 * @param replica whose listener it is
	 * @param pulse how often it is looked whether the listener still hears
	 */
	ChangeChannel(ReactiveRedisConnectionFactory connectionFactory, String name, String replica, Duration pulse) {
		this.connectionFactory = connectionFactory;
		this.redis = new ReactiveStringRedisTemplate(connectionFactory);
		this.changes = ChannelTopic.of(name);
		this.ownPulse = ChannelTopic.of(name + ":" + replica);
		this.pulse = pulse;
	}

	/**
	 * Listen to the messages on the channel.
	 * @return a {@code Flux} that ends when the connection was lost, though its driver
	 * has made another one meanwhile: what was said in between, nobody has heard
	 */
	Flux<String> messages() {
		return Flux
			.usingWhen(Mono.fromSupplier(() -> new ReactiveRedisMessageListenerContainer(this.connectionFactory)),
					this::messages, ReactiveRedisMessageListenerContainer::destroyLater)
			.subscribeOn(Schedulers.boundedElastic());
	}

	private Flux<String> messages(ReactiveRedisMessageListenerContainer container) {
		Gap gap = new Gap();
		Flux<Message<String, String>> heard = container.receive(List.of(this.changes, this.ownPulse), gap)
			.timeout(this.pulse.multipliedBy(5).dividedBy(2));
		return Flux.merge(heard, pulses())
			.takeUntilOther(gap.detected())
			.filter((message) -> message.getChannel().equals(this.changes.getTopic()))
			.map(Message::getMessage);
	}

	/**
	 * One that cannot be sent is as good as one that was not heard.
	 */
	private Flux<Message<String, String>> pulses() {
		return Flux.interval(this.pulse)
			.onBackpressureDrop()
			.concatMap((number) -> this.redis.convertAndSend(this.ownPulse.getTopic(), "")
				.subscribeOn(Schedulers.boundedElastic())
				.timeout(this.pulse)
				.onErrorComplete())
			.thenMany(Flux.never());
	}

	/**
	 * Notices that a channel was subscribed more than once, which only the driver does,
	 * after it has made another connection.
	 */
	private static final class Gap implements SubscriptionListener {

		private static final int CHANNELS = 2;

		private final AtomicInteger subscriptions = new AtomicInteger();

		private final Sinks.Empty<Void> detected = Sinks.empty();

		@Override
		public void onChannelSubscribed(byte[] channel, long count) {
			if (this.subscriptions.incrementAndGet() > CHANNELS) {
				this.detected.tryEmitEmpty();
			}
		}

		Mono<Void> detected() {
			return this.detected.asMono();
		}

	}

}
