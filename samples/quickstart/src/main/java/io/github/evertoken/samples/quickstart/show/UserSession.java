package io.github.evertoken.samples.quickstart.show;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

import io.github.evertoken.TokenSet;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Alice has logged in. Her access token expires, her refresh token works once, and a
 * thousand calls come at once on her behalf: whoever refreshes twice has lost her
 * session.
 */
final class UserSession extends Comparison<UserSession.Measured> {

	private static final String USER = "alice";

	@Override
	public String promise() {
		return "1,000 calls with a user's expired token: 1 refresh";
	}

	@Override
	Mono<Measured> measure(Stage stage, Contender contender) {
		stage.say(contender, "%s logs in, with user name, password and the authorization code flow", USER);
		return Mono.fromCallable(() -> login(stage, contender))
			.subscribeOn(Schedulers.boundedElastic())
			.flatMap((login) -> contender.login(USER, login).then(expiry(login)))
			.then(Mono.defer(() -> crowd(stage, contender)))
			.flatMap((crowd) -> {
				long refreshes = refreshes(stage, contender);
				return isAlive(stage, contender).map((alive) -> {
					stage.say(contender, "%s; refresh requests for them at the server: %d; her session is %s", crowd,
							refreshes, alive ? "alive" : "lost");
					return new Measured(crowd, refreshes, alive);
				});
			});
	}

	private static TokenSet login(Stage stage, Contender contender) {
		return new Login(stage.services().authorizationUrl(), contender.credential("orders-session"),
				contender.credential("session-secret"))
			.of(USER, "wonderland");
	}

	private static Mono<Long> expiry(TokenSet login) {
		Instant expiry = Objects.requireNonNull(login.obtainedAt()).plus(Objects.requireNonNull(login.expiresIn()));
		return Mono.delay(Duration.between(Instant.now(), expiry).plusMillis(1));
	}

	private static Mono<Crowd> crowd(Stage stage, Contender contender) {
		stage.say(contender, "her token has expired; %d calls at once on her behalf", Stage.CROWD);
		return Crowd.of(Stage.CROWD, (number) -> basket(contender));
	}

	private static Mono<String> basket(Contender contender) {
		return contender.basketOf(USER).filter(("basket of " + USER)::equals).single();
	}

	/**
	 * The session is alive if the refresh token that came with the refresh is good for
	 * the next one.
	 */
	private static Mono<Boolean> isAlive(Stage stage, Contender contender) {
		long before = refreshes(stage, contender);
		stage.say(contender, "is the refresh token good that is left? The access token is ended to see it");
		return contender.endAccessToken(USER)
			.filter(Boolean::booleanValue)
			.flatMap((ended) -> basket(contender))
			.map((basket) -> refreshes(stage, contender) == before + 1)
			.defaultIfEmpty(false)
			.onErrorReturn(false);
	}

	private static long refreshes(Stage stage, Contender contender) {
		return stage.tokenRequests(contender, "orders-session", "refresh_token");
	}

	@Override
	boolean isKept(Measured measured) {
		return measured.crowd().allSucceeded() && measured.refreshes() == 1 && measured.alive();
	}

	record Measured(Crowd crowd, long refreshes, boolean alive) {

		@Override
		public String toString() {
			return String.format(Locale.ROOT, "refreshes: %d, failed: %d, session %s", this.refreshes,
					this.crowd.failed(), this.alive ? "alive" : "lost");
		}

	}

}
