package io.github.evertoken.samples.quickstart.show;

import reactor.core.publisher.Mono;

/**
 * Nobody has asked for a report yet, so there is no token. Then everybody does.
 */
final class ColdCrowd implements Scene {

	@Override
	public String promise() {
		return "1,000 calls at once without a token: 1 token request";
	}

	@Override
	public Mono<Promise> play(Stage stage) {
		stage.say("%d calls at once, and no token for them", Stage.CROWD);
		return Crowd.of(Stage.CROWD, stage.orders().inventory()::report).map((crowd) -> {
			long requests = stage.authorization().tokenRequests("orders-reports", "client_credentials");
			stage.say("%s; token requests at the server: %d", crowd, requests);
			return Promise.of(promise(), crowd.allSucceeded() && requests == 1, "token requests: %d, failed calls: %d",
					requests, crowd.failed());
		});
	}

}
