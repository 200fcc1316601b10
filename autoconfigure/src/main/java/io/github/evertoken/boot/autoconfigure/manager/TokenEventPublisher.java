package io.github.evertoken.boot.autoconfigure.manager;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenManager;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Publishes every {@link TokenEvent} as a Spring application event, on the thread that
 * {@link TokenManager#events()} keeps for it.
 */
final class TokenEventPublisher implements SmartLifecycle {

	/**
	 * Before the first token is obtained, so that its event is published too.
	 */
	static final int PHASE = EagerClientStarter.PHASE - 1024;

	private static final Logger logger = LoggerFactory.getLogger(TokenEventPublisher.class);

	private final TokenManager manager;

	private final ApplicationEventPublisher publisher;

	private volatile @Nullable Disposable subscription;

	TokenEventPublisher(TokenManager manager, ApplicationEventPublisher publisher) {
		this.manager = manager;
		this.publisher = publisher;
	}

	@Override
	public void start() {
		this.subscription = (this.manager instanceof DefaultTokenManager defaultManager)
				? defaultManager.listen(this::publish) : listen();
	}

	/**
	 * A mock that nobody has told what to do has no events.
	 */
	private Disposable listen() {
		Flux<TokenEvent> events = this.manager.events();
		return (events != null) ? events.subscribe(this::publish,
				(ex) -> logger.warn("The events of {} have ended with a failure, and are not published any more",
						this.manager.getClass().getName(), ex))
				: Disposables.disposed();
	}

	/**
	 * A listener that fails must not keep later events from the others.
	 */
	private void publish(TokenEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException ex) {
			if (isRunning()) {
				logger.warn("A listener failed on {}", event, ex);
			}
		}
	}

	@Override
	public void stop() {
		Disposable subscription = this.subscription;
		this.subscription = null;
		if (subscription != null) {
			subscription.dispose();
		}
	}

	@Override
	public boolean isRunning() {
		return this.subscription != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
