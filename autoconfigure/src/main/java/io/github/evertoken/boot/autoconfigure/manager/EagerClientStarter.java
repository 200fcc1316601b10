package io.github.evertoken.boot.autoconfigure.manager;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.boot.RequiredTokenException;
import io.github.evertoken.boot.Start;
import io.github.evertoken.boot.autoconfigure.client.ClientStart;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

import org.springframework.context.SmartLifecycle;

/**
 * Obtains the first token of each client that is not lazy when the application starts,
 * and before it accepts requests.
 */
final class EagerClientStarter implements SmartLifecycle {

	/**
	 * Before the web server ({@code DEFAULT_PHASE - 2048}) and whatever else takes work
	 * in, and after what an issuer or a token store may need, such as connections (0).
	 */
	static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 3072;

	private static final Logger logger = LoggerFactory.getLogger(EagerClientStarter.class);

	private final TokenManager manager;

	private final Map<String, ClientStart> clients;

	private volatile Disposable.Composite starting = Disposables.composite();

	private volatile boolean running;

	EagerClientStarter(TokenManager manager, Map<String, ClientStart> clients) {
		this.manager = manager;
		this.clients = clients;
	}

	@Override
	public void start() {
		this.running = true;
		this.starting = Disposables.composite();
		Map<String, CompletableFuture<Void>> required = new LinkedHashMap<>();
		this.clients.forEach((name, client) -> {
			if (client.start() == Start.REQUIRED) {
				required.put(name, startInTime(name, client.timeout()).toFuture());
			}
			else if (client.start() == Start.BACKGROUND) {
				startInBackground(name);
			}
		});
		required.forEach(EagerClientStarter::await);
	}

	/**
	 * The issuer's failures themselves are in the log already: the manager warns of them.
	 * It goes on until there is a token.
	 */
	private void startInBackground(String name) {
		AtomicBoolean told = new AtomicBoolean();
		this.starting.add(start(name).doOnError((ex) -> {
			if (told.compareAndSet(false, true)) {
				logger.info(
						"The first token of client '{}' could not be obtained at the start; it is tried again until there is one",
						name);
			}
		}).retryWhen(again()).subscribe(null, (ex) -> logger.debug("No more tries for client '{}'", name, ex)));
	}

	/**
	 * What only somebody can cure is not tried again. What may pass by itself is, until
	 * the time is over. As long as the manager is patient, it tells of no attempt that
	 * has failed, but warns of it.
	 */
	private Mono<Void> startInTime(String name, Duration startTimeout) {
		AtomicReference<@Nullable Throwable> last = new AtomicReference<>();
		return start(name).doOnError(last::set)
			.retryWhen(again().filter(TransientTokenException.class::isInstance))
			.timeout(startTimeout)
			.onErrorMap(TimeoutException.class,
					(ex) -> Objects.requireNonNullElseGet(last.get(),
							() -> new TimeoutException("no token came within the start-timeout of " + startTimeout
									+ "; the log has what failed meanwhile, if anything has")));
	}

	/**
	 * A start is no use of the token to the default manager. Any other one, of which no
	 * more than the contract is known, is asked as by a caller, and a mock that nobody
	 * has told what to do is left alone.
	 */
	private Mono<Void> start(String name) {
		TokenKey key = TokenKey.of(name);
		if (this.manager instanceof DefaultTokenManager defaultManager) {
			return defaultManager.start(key);
		}
		return Mono.defer(() -> Objects.requireNonNullElseGet(this.manager.token(key), Mono::empty)).then();
	}

	/**
	 * The start is to wait here: that is what "required" asks for. It runs on the
	 * application's main thread, where waiting is allowed, while the flight runs on the
	 * manager's threads and is bounded by the client's {@code start-timeout}.
	 */
	private static void await(String name, CompletableFuture<Void> started) {
		try {
			started.join();
		}
		catch (CompletionException ex) {
			throw new RequiredTokenException(name, (ex.getCause() != null) ? ex.getCause() : ex);
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.starting.dispose();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * The manager has cooldowns of its own: this is no more than how often it is looked
	 * whether one has ended.
	 */
	private static RetryBackoffSpec again() {
		return Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(250)).maxBackoff(Duration.ofSeconds(5));
	}

}
