package io.github.evertoken.redis;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.ReactiveSubscription.Message;
import org.springframework.data.redis.connection.SubscriptionListener;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.ReactiveRedisMessageListenerContainer;

/**
 * The channel on which the changes of records are told.
 */
final class ChangeChannel {

	private final ReactiveRedisConnectionFactory connectionFactory;

	private final String name;

	ChangeChannel(ReactiveRedisConnectionFactory connectionFactory, String name) {
		this.connectionFactory = connectionFactory;
		this.name = name;
	}

	/**
	 * Listen to the messages on the channel.
	 * @return a {@code Flux} that ends when the connection was lost, though its driver
	 * has made another one meanwhile: what was said in between, nobody has heard
	 */
	Flux<String> messages() {
		return Flux.usingWhen(
				Mono.fromSupplier(() -> new ReactiveRedisMessageListenerContainer(this.connectionFactory)),
				this::messages, ReactiveRedisMessageListenerContainer::destroyLater);
	}

	private Flux<String> messages(ReactiveRedisMessageListenerContainer container) {
		Gap gap = new Gap();
		return container.receive(List.of(ChannelTopic.of(this.name)), gap)
			.map(Message::getMessage)
			.takeUntilOther(gap.detected());
	}

	/**
	 * Notices that the channel was subscribed more than once, which only the driver does,
	 * after it has made another connection.
	 */
	private static final class Gap implements SubscriptionListener {

		private final AtomicInteger subscriptions = new AtomicInteger();

		private final Sinks.Empty<Void> detected = Sinks.empty();

		@Override
		public void onChannelSubscribed(byte[] channel, long count) {
			if (this.subscriptions.incrementAndGet() > 1) {
				this.detected.tryEmitEmpty();
			}
		}

		Mono<Void> detected() {
			return this.detected.asMono();
		}

	}

}
