package io.github.evertoken.samples.quickstart.show;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenEvent.IssueFailed;
import io.github.evertoken.TokenEvent.Reissued;
import io.github.evertoken.TokenEvent.Renewed;
import io.github.evertoken.TokenEvent.RenewalFailed;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The authorization server is down until a renewal has failed.
 */
final class Outage implements Scene {

	/**
	 * The server comes up again this long before the end of Evertoken's token, whatever
	 * the other one does.
	 */
	private static final Duration MARGIN = Duration.ofSeconds(1);

	@Override
	public String promise() {
		return "The issuer is down while a renewal is due: calls go on";
	}

	@Override
	public Mono<Promise> play(Stage stage) {
		return Mono.defer(() -> {
			Instant start = Instant.now();
			long own = stage.evertoken().caller().calls();
			long other = stage.springSecurity().caller().calls();
			stage.authorization().takeDown();
			stage.say("the authorization server is down: its port is closed");
			return stage.history()
				.since(start, "inventory", TokenEvent.class)
				.filter((event) -> event instanceof RenewalFailed || event instanceof IssueFailed)
				.next()
				.delayUntil((failed) -> Mono.firstWithSignal(otherFails(stage, start), shortlyBefore(failed)))
				.publishOn(Schedulers.boundedElastic())
				.delayUntil((failed) -> bringUp(stage, start))
				.doOnNext((failed) -> excuseWhatNobodyCanKeep(stage, failed))
				.map((failed) -> Promise
					.of(promise(), isKept(stage, start, own), "%s", measured(stage.evertoken(), start, own))
					.beside(measured(stage.springSecurity(), start, other)));
		}).subscribeOn(Schedulers.boundedElastic());
	}

	private static Mono<Long> otherFails(Stage stage, Instant start) {
		return Flux.interval(Duration.ofMillis(50))
			.filter((tick) -> failures(stage.springSecurity(), start) > 0)
			.next()
			.doOnNext((tick) -> stage.springSecuritySays("its token needs to be renewed: calls fail"));
	}

	private static Mono<Long> shortlyBefore(TokenEvent failed) {
		Instant end = failed.expiresAt();
		return (end != null) ? Mono.delay(Duration.between(Instant.now(), end).minus(MARGIN)) : Mono.just(0L);
	}

	private static Mono<TokenEvent> bringUp(Stage stage, Instant start) {
		stage.authorization().bringUp();
		stage.say("the authorization server is up again, after %.1f s", seconds(start));
		return stage.history()
			.since(Instant.now(), "inventory", TokenEvent.class)
			.filter((event) -> event instanceof Renewed || event instanceof Reissued)
			.next();
	}

	private static boolean isKept(Stage stage, Instant start, long callsBefore) {
		return stage.evertoken().caller().calls() > callsBefore && failures(stage.evertoken(), start) == 0;
	}

	private static String measured(Contender contender, Instant start, long callsBefore) {
		return String.format(Locale.ROOT, "calls in %.1f s: %d, failed: %d", seconds(start),
				contender.caller().calls() - callsBefore, failures(contender, start));
	}

	private static long failures(Contender contender, Instant start) {
		return contender.caller().failures().stream().filter((failure) -> !failure.at().isBefore(start)).count();
	}

	/**
	 * A renewal leaves a fifth of the token's life, which is time enough to bring the
	 * server up, unless the machine is very slow. Without a token that lives and a server
	 * that answers no call can succeed, and none is promised to.
	 */
	private static void excuseWhatNobodyCanKeep(Stage stage, TokenEvent failed) {
		Instant end = failed.expiresAt();
		if (end != null && stage.evertoken().caller().failures().removeIf((failure) -> !failure.at().isBefore(end))) {
			stage.say("this machine was slower than the token: calls after its end are not counted");
		}
	}

	private static double seconds(Instant start) {
		return Duration.between(start, Instant.now()).toMillis() / 1000.0;
	}

}
