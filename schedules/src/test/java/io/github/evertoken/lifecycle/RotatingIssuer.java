package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * An issuer whose refresh tokens serve once. It notices when one is sent twice, and when
 * two calls for one key run at a time.
 */
class RotatingIssuer implements TokenIssuer {

	static final Duration LIFETIME = Duration.ofSeconds(100);

	// All fields are guarded by the lock of this object.

	private final Map<TokenKey, Integer> running = new HashMap<>();

	private final Set<String> valid = new HashSet<>();

	private final Set<String> spent = new HashSet<>();

	private final Set<String> alive = new HashSet<>();

	private final List<Sinks.Empty<Void>> held = new ArrayList<>();

	private boolean holds;

	private boolean grants = true;

	private boolean grace;

	private int failures;

	private int calls;

	private int mostAtATime;

	private boolean reused;

	/**
	 * Let a user log in.
	 */
	synchronized TokenSet login(String name) {
		this.valid.add("refresh-" + name);
		this.alive.add(name);
		return tokens(name);
	}

	private static TokenSet tokens(String name) {
		return TokenSet.withAccessToken(name).expiresIn(LIFETIME).refreshToken("refresh-" + name).build();
	}

	/**
	 * Grant nothing without a refresh token.
	 */
	synchronized void grantsNothing() {
		this.grants = false;
	}

	/**
	 * Take a refresh token that was rotated once more, as a server with a grace does.
	 */
	synchronized void hasGrace() {
		this.grace = true;
	}

	/**
	 * Answer no call before {@link #answer()}.
	 */
	synchronized void holdsCalls() {
		this.holds = true;
	}

	synchronized void failsOnce() {
		this.failures = 1;
	}

	void answer() {
		List<Sinks.Empty<Void>> all;
		synchronized (this) {
			this.holds = false;
			all = List.copyOf(this.held);
			this.held.clear();
		}
		all.forEach(Sinks.Empty::tryEmitEmpty);
	}

	@Override
	public Mono<TokenSet> issue(TokenRequest request) {
		return Mono.defer(() -> {
			begin(request.key());
			return turn().doOnCancel(() -> end(request.key())).then(Mono.defer(() -> answer(request)));
		});
	}

	private synchronized void begin(TokenKey key) {
		this.calls++;
		this.mostAtATime = Math.max(this.mostAtATime, this.running.merge(key, 1, Integer::sum));
	}

	private synchronized void end(TokenKey key) {
		this.running.merge(key, -1, Integer::sum);
	}

	private synchronized Mono<Void> turn() {
		if (!this.holds) {
			return Mono.empty();
		}
		Sinks.Empty<Void> turn = Sinks.empty();
		this.held.add(turn);
		return turn.asMono();
	}

	private synchronized Mono<TokenSet> answer(TokenRequest request) {
		end(request.key());
		if (this.failures > 0) {
			this.failures--;
			return Mono.error(new TransientTokenException(request.key(), "down", null));
		}
		String refreshToken = request.refreshToken();
		if (refreshToken == null && this.grants) {
			return Mono.just(issued());
		}
		boolean again = this.grace && this.spent.contains(refreshToken);
		if (refreshToken != null && (this.valid.remove(refreshToken) || again)) {
			this.spent.add(refreshToken);
			return Mono.just(issued());
		}
		this.reused |= refreshToken != null && this.spent.contains(refreshToken);
		return Mono.error(new ReauthenticationRequiredException(request.key(), "refused",
				(refreshToken != null) ? "invalid_grant" : null, null, null));
	}

	private TokenSet issued() {
		String name = "issued" + this.calls;
		this.valid.add("refresh-" + name);
		this.alive.add(name);
		return tokens(name);
	}

	@Override
	public synchronized Mono<Void> revoke(TokenKey key, TokenSet tokens) {
		return Mono.fromRunnable(() -> revoked(tokens));
	}

	private synchronized void revoked(TokenSet tokens) {
		this.alive.remove(tokens.accessToken());
		this.valid.remove(tokens.refreshToken());
	}

	synchronized int calls() {
		return this.calls;
	}

	/**
	 * Return how many calls for one key have run at a time at most.
	 */
	synchronized int mostAtATime() {
		return this.mostAtATime;
	}

	/**
	 * Tell whether a refresh token has come a second time: a session is lost then.
	 */
	synchronized boolean wasReused() {
		return this.reused;
	}

	synchronized Set<String> alive() {
		return Set.copyOf(this.alive);
	}

}
