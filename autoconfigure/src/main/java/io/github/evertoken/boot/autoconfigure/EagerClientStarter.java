package io.github.evertoken.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * Obtains the first token of each eager client when the application starts, and before it
 * accepts requests.
 */
final class EagerClientStarter implements SmartLifecycle {

	/**
	 * Before the web server ({@code DEFAULT_PHASE - 2048}) and whatever else takes work
	 * in, and after what an issuer or a token store may need, such as connections (0).
	 */
	static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 3072;

	private static final Logger logger = LoggerFactory.getLogger(EagerClientStarter.class);

	private final TokenManager manager;

	private final Map<String, Eager> clients;

	private volatile boolean running;

	EagerClientStarter(TokenManager manager, Map<String, Eager> clients) {
		this.manager = manager;
		this.clients = clients;
	}

	@Override
	public void start() {
		this.running = true;
		Map<String, CompletableFuture<Void>> required = new LinkedHashMap<>();
		this.clients.forEach((name, eager) -> {
			if (eager == Eager.REQUIRED) {
				required.put(name, start(name).toFuture());
			}
			else if (eager == Eager.TRUE) {
				startInBackground(name);
			}
		});
		required.forEach(EagerClientStarter::await);
	}

	/**
	 * The issuer's failure itself is in the log already: the manager warns of it.
	 */
	private void startInBackground(String name) {
		start(name).subscribe(null, (ex) -> logger.info(
				"The first token of client '{}' could not be obtained at the start; the first use asks for it again",
				name));
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
	 * manager's threads and is bounded by the client's {@code response-timeout}.
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
