package io.github.evertoken.samples.quickstart.show;

import java.time.Duration;
import java.time.Instant;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.samples.quickstart.authorization.AuthorizationServer;
import io.github.evertoken.samples.quickstart.orders.ContinuousCaller;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The authorization server is down until a renewal has failed.
 */
final class Outage implements Scene {

	@Override
	public String promise() {
		return "The authorization server is down while a renewal is due: calls go on";
	}

	@Override
	public Mono<Promise> play(Stage stage) {
		ContinuousCaller caller = stage.orders().caller();
		AuthorizationServer server = stage.authorization();
		return Mono.defer(() -> {
			Instant start = Instant.now();
			long calls = caller.calls();
			long failures = caller.failures();
			server.takeDown();
			stage.say("the authorization server is down: its port is closed");
			return stage.history()
				.since(start, "inventory", TokenEvent.RenewalFailed.class)
				.next()
				.publishOn(Schedulers.boundedElastic())
				.flatMap((failed) -> {
					server.bringUp();
					stage.say("the authorization server is up again, after %.1f s", seconds(start));
					return renewedSince(stage, Instant.now());
				})
				.map((renewed) -> judge(caller.calls() - calls, caller.failures() - failures, start));
		}).subscribeOn(Schedulers.boundedElastic());
	}

	private static Mono<TokenEvent.Renewed> renewedSince(Stage stage, Instant instant) {
		return stage.history().since(instant, "inventory", TokenEvent.Renewed.class).next();
	}

	private Promise judge(long calls, long failures, Instant start) {
		return Promise.of(promise(), calls > 0 && failures == 0, "calls in %.1f s: %d, failed calls: %d",
				seconds(start), calls, failures);
	}

	private static double seconds(Instant start) {
		return Duration.between(start, Instant.now()).toMillis() / 1000.0;
	}

}
