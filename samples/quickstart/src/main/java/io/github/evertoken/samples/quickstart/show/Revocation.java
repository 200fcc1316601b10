package io.github.evertoken.samples.quickstart.show;

import java.util.Locale;
import java.util.Map;

import io.github.evertoken.samples.quickstart.inventory.Door;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A thousand calls are on their way with a token that is revoked before they arrive.
 */
final class Revocation extends Comparison<Revocation.Measured> {

	@Override
	public String promise() {
		return "A token revoked under 1,000 calls: 1 renewal, none fails";
	}

	@Override
	Mono<Measured> measure(Stage stage, Contender contender) {
		Door door = stage.inventory().door();
		long refusedBefore = stage.inventory().unauthorized();
		long requestsBefore = requests(stage, contender);
		door.close();
		Mono<Crowd> crowd = onItsWay(Crowd.of(Stage.CROWD, contender::report));
		stage.say(contender, "%d calls on their way, all with the same token", Stage.CROWD);
		return door.reached()
			.then(contender.reportsToken())
			.publishOn(Schedulers.boundedElastic())
			.doOnNext((token) -> {
				revoke(stage, contender, token);
				stage.say(contender, "the authorization server has revoked it; now they arrive");
			})
			.doFinally((signal) -> door.open())
			.then(crowd)
			.map((result) -> {
				Measured measured = new Measured(result, stage.inventory().unauthorized() - refusedBefore,
						requests(stage, contender) - requestsBefore);
				stage.say(contender, "inventory answered 401 %d times; %s; token requests at the server: %d",
						measured.refused(), result, measured.requests());
				return measured;
			});
	}

	private static void revoke(Stage stage, Contender contender, String token) {
		new Browser(stage.services().authorizationUrl()).postAs(contender.credential("orders-reports"),
				contender.credential("reports-secret"), "/oauth2/revoke", Map.of("token", token));
	}

	private static <T> Mono<T> onItsWay(Mono<T> mono) {
		return Mono.fromFuture(mono.toFuture());
	}

	private static long requests(Stage stage, Contender contender) {
		return stage.tokenRequests(contender, "orders-reports", "client_credentials");
	}

	@Override
	boolean isKept(Measured measured) {
		return measured.crowd().allSucceeded() && measured.refused() > 0 && measured.requests() == 1;
	}

	record Measured(Crowd crowd, long refused, long requests) {

		@Override
		public String toString() {
			return String.format(Locale.ROOT, "401s: %d, requests: %d, failed: %d", this.refused, this.requests,
					this.crowd.failed());
		}

	}

}
