package io.github.evertoken.samples.quickstart.show;

import java.util.Locale;

import reactor.core.publisher.Mono;

/**
 * Nobody has asked for a report yet, so there is no token. Then everybody does.
 */
final class ColdCrowd extends Comparison<ColdCrowd.Measured> {

	@Override
	public String promise() {
		return "1,000 calls at once without a token: 1 token request";
	}

	@Override
	Mono<Measured> measure(Stage stage, Contender contender) {
		stage.say(contender, "%d calls at once, and no token for them", Stage.CROWD);
		return Crowd.of(Stage.CROWD, contender::report).map((crowd) -> {
			long requests = stage.tokenRequests(contender, "orders-reports", "client_credentials");
			stage.say(contender, "%s; token requests at the server: %d", crowd, requests);
			return new Measured(crowd, requests);
		});
	}

	@Override
	boolean isKept(Measured measured) {
		return measured.crowd().allSucceeded() && measured.requests() == 1;
	}

	record Measured(Crowd crowd, long requests) {

		@Override
		public String toString() {
			return String.format(Locale.ROOT, "requests: %d, failed: %d", this.requests, this.crowd.failed());
		}

	}

}
