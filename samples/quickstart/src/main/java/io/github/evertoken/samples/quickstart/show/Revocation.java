package io.github.evertoken.samples.quickstart.show;

import java.util.Map;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenKey;
import io.github.evertoken.samples.quickstart.inventory.Door;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A thousand calls are on their way with a token that is revoked before they arrive.
 */
final class Revocation implements Scene {

	private static final TokenKey REPORTS = TokenKey.of("reports");

	@Override
	public String promise() {
		return "A token revoked under 1,000 calls: 0 failed calls, 1 renewal";
	}

	@Override
	public Mono<Promise> play(Stage stage) {
		Door door = stage.inventory().door();
		long refusedBefore = stage.inventory().unauthorized();
		long requestsBefore = requests(stage);
		door.close();
		Mono<Crowd> crowd = onItsWay(Crowd.of(Stage.CROWD, stage.orders().inventory()::report));
		stage.say("%d calls on their way, all with the same token", Stage.CROWD);
		return door.reached()
			.then(stage.orders().tokens().token(REPORTS))
			.publishOn(Schedulers.boundedElastic())
			.doOnNext((token) -> {
				revoke(stage, token);
				stage.say("the authorization server has revoked it; now they arrive");
			})
			.doFinally((signal) -> door.open())
			.then(crowd)
			.map((result) -> judge(stage, result, stage.inventory().unauthorized() - refusedBefore,
					requests(stage) - requestsBefore));
	}

	private static void revoke(Stage stage, AccessToken token) {
		new Browser(stage.services().authorizationUrl()).postAs("orders-reports", "reports-secret", "/oauth2/revoke",
				Map.of("token", token.value()));
	}

	private static <T> Mono<T> onItsWay(Mono<T> mono) {
		return Mono.fromFuture(mono.toFuture());
	}

	private static long requests(Stage stage) {
		return stage.authorization().tokenRequests("orders-reports", "client_credentials");
	}

	private Promise judge(Stage stage, Crowd crowd, long refused, long requests) {
		stage.say("inventory answered 401 %d times; %s; token requests at the server: %d", refused, crowd, requests);
		return Promise.of(promise(), crowd.allSucceeded() && refused > 0 && requests == 1,
				"401s: %d, failed calls: %d, token requests: %d", refused, crowd.failed(), requests);
	}

}
