package io.github.evertoken.boot.autoconfigure;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Publishes every {@link TokenEvent} as a Spring application event, on the thread that
 * {@link DefaultTokenManager#events()} keeps for it.
 */
final class TokenEventPublisher implements SmartLifecycle {

	/**
	 * Before the first token is obtained, so that its event is published too.
	 */
	static final int PHASE = EagerClientStarter.PHASE - 1024;

	private static final Logger logger = LoggerFactory.getLogger(TokenEventPublisher.class);

	private final DefaultTokenManager manager;

	private final ApplicationEventPublisher publisher;

	private volatile @Nullable Disposable subscription;

	TokenEventPublisher(DefaultTokenManager manager, ApplicationEventPublisher publisher) {
		this.manager = manager;
		this.publisher = publisher;
	}

	@Override
	public void start() {
		this.subscription = this.manager.listen(this::publish);
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
