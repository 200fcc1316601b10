package io.github.evertoken.boot.autoconfigure.manager;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TokenEventPublisher}.
 */
@ExtendWith(OutputCaptureExtension.class)
class TokenEventPublisherTests {

	private static final TokenKey KEY = TokenKey.of("inventory");

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class))
		.withUserConfiguration(ListenerConfiguration.class)
		.withPropertyValues("evertoken.clients.inventory.base-url=https://inventory.internal",
				"spring.reactor.netty.shutdown-quiet-period=100ms");

	@Test
	void listenerWhenTokenIsIssuedAndRemovedThenGetsItsOwnEvents() {
		this.contextRunner.run((context) -> {
			TokenManager manager = context.getBean(TokenManager.class);
			manager.token(KEY).block(TIMEOUT);
			manager.remove(KEY).block(TIMEOUT);
			ListenerConfiguration listeners = context.getBean(ListenerConfiguration.class);
			Awaitility.await().untilAsserted(() -> assertThat(listeners.all).hasSize(2));
			assertThat(listeners.all).hasExactlyElementsOfTypes(TokenEvent.Issued.class, TokenEvent.Removed.class);
			assertThat(listeners.removed).hasSize(1);
		});
	}

	@Test
	void listenerWhenItFailsThenGetsLaterEventsAllTheSame(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(FailingListenerConfiguration.class).run((context) -> {
			TokenManager manager = context.getBean(TokenManager.class);
			manager.token(KEY).block(TIMEOUT);
			manager.remove(KEY).block(TIMEOUT);
			FailingListenerConfiguration listener = context.getBean(FailingListenerConfiguration.class);
			Awaitility.await().untilAsserted(() -> assertThat(listener.calls).hasSize(2));
			assertThat(output).contains("A listener failed on Issued")
				.contains("a listener's own mistake")
				.doesNotContain("planted");
		});
	}

	@Test
	void publisherWhenContextIsStoppedAndStartedThenPublishesAgain() {
		this.contextRunner.run((context) -> {
			TokenManager manager = context.getBean(TokenManager.class);
			ListenerConfiguration listeners = context.getBean(ListenerConfiguration.class);
			context.stop();
			manager.remove(KEY).block(TIMEOUT);
			context.start();
			manager.token(KEY).block(TIMEOUT);
			Awaitility.await().untilAsserted(() -> assertThat(listeners.all).hasSize(1));
			assertThat(listeners.all).hasExactlyElementsOfTypes(TokenEvent.Issued.class);
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class ListenerConfiguration {

		final List<TokenEvent> all = new CopyOnWriteArrayList<>();

		final List<TokenEvent.Removed> removed = new CopyOnWriteArrayList<>();

		@Bean
		TokenIssuer inventory() {
			return (request) -> Mono.just(TokenSet.withAccessToken("planted-token").build());
		}

		@EventListener
		void onAny(TokenEvent event) {
			this.all.add(event);
		}

		@EventListener
		void on(TokenEvent.Removed event) {
			this.removed.add(event);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FailingListenerConfiguration {

		final List<TokenEvent> calls = new CopyOnWriteArrayList<>();

		@EventListener
		void on(TokenEvent event) {
			this.calls.add(event);
			throw new Mistake();
		}

	}

	/**
	 * It is logged with its stack trace, which is not of interest here.
	 */
	private static final class Mistake extends RuntimeException {

		Mistake() {
			super("a listener's own mistake", null, false, false);
		}

	}

}
