package io.github.evertoken.samples.quickstart.show;

import java.time.Duration;
import java.time.Instant;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenEvent.IssueFailed;
import io.github.evertoken.TokenEvent.Reissued;
import io.github.evertoken.TokenEvent.Renewed;
import io.github.evertoken.TokenEvent.RenewalFailed;
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
		return Mono.defer(() -> {
			Instant start = Instant.now();
			long callsBefore = stage.orders().caller().calls();
			stage.authorization().takeDown();
			stage.say("the authorization server is down: its port is closed");
			return stage.history()
				.since(start, "inventory", TokenEvent.class)
				.filter((event) -> event instanceof RenewalFailed || event instanceof IssueFailed)
				.next()
				.publishOn(Schedulers.boundedElastic())
				.delayUntil((failed) -> bringUp(stage, start))
				.map((failed) -> judge(stage, start, failed, callsBefore));
		}).subscribeOn(Schedulers.boundedElastic());
	}

	private static Mono<TokenEvent> bringUp(Stage stage, Instant start) {
		stage.authorization().bringUp();
		stage.say("the authorization server is up again, after %.1f s", seconds(start));
		return stage.history()
			.since(Instant.now(), "inventory", TokenEvent.class)
			.filter((event) -> event instanceof Renewed || event instanceof Reissued)
			.next();
	}

	private Promise judge(Stage stage, Instant start, TokenEvent failed, long callsBefore) {
		ContinuousCaller caller = stage.orders().caller();
		excuseWhatNobodyCanKeep(stage, failed);
		long calls = caller.calls() - callsBefore;
		long failures = caller.failures().stream().filter((failure) -> !failure.at().isBefore(start)).count();
		return Promise.of(promise(), calls > 0 && failures == 0, "calls in %.1f s: %d, failed calls: %d",
				seconds(start), calls, failures);
	}

	/**
	 * A renewal leaves a fifth of the token's life, which is time enough to bring the
	 * server up, unless the machine is very slow. Without a token that lives and a server
	 * that answers no call can succeed, and none is promised to.
	 */
	private static void excuseWhatNobodyCanKeep(Stage stage, TokenEvent failed) {
		Instant end = failed.expiresAt();
		if (end != null && stage.orders().caller().failures().removeIf((failure) -> !failure.at().isBefore(end))) {
			stage.say("this machine was slower than the token: calls after its end are not counted");
		}
	}

	private static double seconds(Instant start) {
		return Duration.between(start, Instant.now()).toMillis() / 1000.0;
	}

}
