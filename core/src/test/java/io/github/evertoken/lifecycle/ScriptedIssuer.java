package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import reactor.core.publisher.Mono;

/**
 * An issuer that answers what it was told to, and else with the tokens t1, t2, t3 and so
 * on, which live for 100 seconds. Remembers what it was asked for.
 */
class ScriptedIssuer implements TokenIssuer {

	static final Duration LIFETIME = Duration.ofSeconds(100);

	private final List<TokenRequest> requests = new CopyOnWriteArrayList<>();

	private final List<String> revoked = new CopyOnWriteArrayList<>();

	private final Queue<Function<TokenRequest, Mono<TokenSet>>> script = new ArrayDeque<>();

	private int tokens;

	@Override
	public Mono<TokenSet> issue(TokenRequest request) {
		this.requests.add(request);
		Function<TokenRequest, Mono<TokenSet>> answer = this.script.poll();
		return (answer != null) ? answer.apply(request) : Mono.just(nextToken().build());
	}

	@Override
	public Mono<Void> revoke(TokenKey key, TokenSet tokens) {
		return Mono.fromRunnable(() -> this.revoked.add(tokens.accessToken() + " " + tokens.refreshToken()));
	}

	/**
	 * Return the pairs of tokens that were revoked.
	 */
	List<String> revoked() {
		return this.revoked;
	}

	TokenSet.Builder nextToken() {
		return TokenSet.withAccessToken("t" + ++this.tokens).expiresIn(LIFETIME);
	}

	ScriptedIssuer then(Function<TokenRequest, Mono<TokenSet>> answer) {
		this.script.add(answer);
		return this;
	}

	ScriptedIssuer then(Mono<TokenSet> answer) {
		return then((request) -> answer);
	}

	ScriptedIssuer thenFail(Throwable failure) {
		return then(Mono.error(failure));
	}

	ScriptedIssuer thenRefuse() {
		return then((request) -> Mono
			.error(new ReauthenticationRequiredException(request.key(), "refused", "invalid_grant", null, null)));
	}

	List<TokenRequest> requests() {
		return this.requests;
	}

	int calls() {
		return this.requests.size();
	}

}
