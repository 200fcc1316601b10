package io.github.evertoken.dashboard;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenManager;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

import org.springframework.context.SmartLifecycle;

/**
 * Has the events of the tokens written down while the application runs.
 */
final class TokenEventSubscription implements SmartLifecycle {

	/**
	 * Before the first token is obtained, which is before the web server starts.
	 */
	private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 2 * 2048 - 1024;

	private final TokenManager manager;

	private final EventCollector collector;

	private volatile @Nullable Disposable subscription;

	TokenEventSubscription(TokenManager manager, EventCollector collector) {
		this.manager = manager;
		this.collector = collector;
	}

	/**
	 * A manager of the application's own, which leads to none of Evertoken's, has nothing
	 * to show at the endpoint either.
	 */
	@Override
	public void start() {
		DefaultTokenManager behind = DelegatingTokenManager.find(this.manager, DefaultTokenManager.class);
		if (behind != null) {
			this.subscription = behind.listen(this.collector::add);
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
