package io.github.evertoken.boot.autoconfigure.manager;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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
 * What is closed is the default manager, or the one that a decorator leads to. Any other
 * one is a bean of the application's own, which ends with it.
 * <p>
 * A context that is only stopped may be started again, so that its manager stays open.
 */
final class TokenManagerShutdown implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {

	/**
	 * The opposite order of the start: after the last event was published.
	 */
	static final int PHASE = TokenEventPublisher.PHASE - 1024;

	/**
	 * The application's end must not wait for an authorization server any longer.
	 */
	private static final Duration LONGEST_REVOCATION = Duration.ofSeconds(10);

	private static final Logger logger = LoggerFactory.getLogger(TokenManagerShutdown.class);

	private final TokenManager manager;

	private final @Nullable DefaultTokenManager behind;

	private final ApplicationContext context;

	private final Set<String> revoked;

	private volatile boolean running;

	private volatile boolean closing;

	/**
	 * Create a shutdown.
	 * @param manager the manager to close
	 * @param context the application that ends
	 * @param revoked the clients whose tokens are revoked before
	 */
	TokenManagerShutdown(TokenManager manager, ApplicationContext context, Set<String> revoked) {
		this.manager = manager;
		this.behind = DelegatingTokenManager.find(manager, DefaultTokenManager.class);
		this.context = context;
		this.revoked = revoked;
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
		if (this.closing && this.behind != null) {
			this.behind.close();
		}
	}

	@Override
	public void stop(Runnable callback) {
		if (!this.closing) {
			stop();
			callback.run();
			return;
		}
		drained().then(revoked()).onErrorComplete().doFinally((signal) -> {
			stop();
			callback.run();
		}).subscribe();
	}

	/**
	 * A refresh token that is on its way, and a token set that is still to be saved, are
	 * waited for: cutting them off would lose the sessions. How long is up to the
	 * time-out of the application's shutdown phases; the manager is closed with the
	 * application in any case.
	 */
	private Mono<Void> drained() {
		return (this.behind != null) ? this.behind.drain() : Mono.empty();
	}

	private Mono<Void> revoked() {
		return this.revoked.isEmpty() ? Mono.empty() : Flux.fromIterable(this.revoked)
			.flatMap(this::revoke)
			.then()
			.timeout(LONGEST_REVOCATION)
			.doOnError((ex) -> logger.warn("Not all tokens of {} could be revoked: {}", this.revoked, ex.getMessage()));
	}

	/**
	 * The contract does not say which subjects there are.
	 */
	private Mono<Void> revoke(String client) {
		return (this.behind != null && this.behind.clients().contains(client)) ? this.behind.revokeAll(client)
				: Objects.requireNonNullElseGet(this.manager.revoke(TokenKey.of(client)), Mono::empty);
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
