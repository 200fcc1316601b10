package io.github.evertoken.boot.autoconfigure;

import io.github.evertoken.lifecycle.DefaultTokenManager;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Closes the token manager at its place in the end of an application: after the web
 * server has answered its last request, which may have needed a token, and before the
 * connections of the HTTP client are cut off, which would look like a failure of the
 * issuer. The manager's destruction comes too late for the latter.
 * <p>
 * A context that is only stopped may be started again, so that its manager stays open.
 */
final class TokenManagerShutdown implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {

	/**
	 * The opposite order of the start: after the last event was published.
	 */
	static final int PHASE = TokenEventPublisher.PHASE - 1024;

	private final DefaultTokenManager manager;

	private final ApplicationContext context;

	private volatile boolean running;

	private volatile boolean closing;

	TokenManagerShutdown(DefaultTokenManager manager, ApplicationContext context) {
		this.manager = manager;
		this.context = context;
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		if (event.getApplicationContext() == this.context) {
			this.closing = true;
		}
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		if (this.closing) {
			this.manager.close();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
