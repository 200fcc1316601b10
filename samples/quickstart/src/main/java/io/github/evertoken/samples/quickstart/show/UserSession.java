package io.github.evertoken.samples.quickstart.show;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Alice has logged in. Her access token expires, her refresh token works once, and a
 * thousand calls come at once on her behalf: whoever refreshes twice has lost her
 * session.
 */
final class UserSession implements Scene {

	private static final String USER = "alice";

	private static final TokenKey SESSION = TokenKey.of("session", USER);

	@Override
	public String promise() {
		return "1,000 calls for a user with an expired token: 1 refresh, session alive";
	}

	@Override
	public Mono<Promise> play(Stage stage) {
		TokenManager tokens = stage.orders().tokens();
		stage.say("%s logs in, with user name, password and the authorization code flow", USER);
		return Mono.fromCallable(() -> new Login(stage.services().authorizationUrl()).of(USER, "wonderland"))
			.subscribeOn(Schedulers.boundedElastic())
			.flatMap((login) -> tokens.put(SESSION, login).then(expiry(login)))
			.then(Mono.defer(() -> crowd(stage)))
			.flatMap((crowd) -> {
				long refreshes = refreshes(stage);
				return isAlive(stage).map((alive) -> judge(stage, crowd, refreshes, alive));
			});
	}

	private static Mono<Long> expiry(TokenSet login) {
		Instant expiry = Objects.requireNonNull(login.obtainedAt()).plus(Objects.requireNonNull(login.expiresIn()));
		return Mono.delay(Duration.between(Instant.now(), expiry).plusMillis(1));
	}

	private static Mono<Crowd> crowd(Stage stage) {
		stage.say("her token has expired; %d calls at once on her behalf", Stage.CROWD);
		return Crowd.of(Stage.CROWD, (number) -> basket(stage));
	}

	private static Mono<String> basket(Stage stage) {
		return stage.orders().inventory().basketOf(USER).filter(("basket of " + USER)::equals).single();
	}

	/**
	 * The session is alive if the refresh token that came with the refresh is good for
	 * the next one.
	 */
	private static Mono<Boolean> isAlive(Stage stage) {
		TokenManager tokens = stage.orders().tokens();
		long before = refreshes(stage);
		stage.say("is the refresh token good that came with the refresh? The access token is rejected to see it");
		return tokens.token(SESSION)
			.doOnNext((token) -> tokens.reject(SESSION, token))
			.then(basket(stage))
			.map((basket) -> refreshes(stage) == before + 1)
			.onErrorReturn(false);
	}

	private static long refreshes(Stage stage) {
		return stage.authorization().tokenRequests("orders-session", "refresh_token");
	}

	private Promise judge(Stage stage, Crowd crowd, long refreshes, boolean alive) {
		stage.say("%s; refresh requests for them at the server: %d; her session is %s", crowd, refreshes,
				alive ? "alive" : "lost");
		return Promise.of(promise(), crowd.allSucceeded() && refreshes == 1 && alive,
				"refresh requests: %d, failed calls: %d, session %s", refreshes, crowd.failed(),
				alive ? "alive" : "lost");
	}

}
