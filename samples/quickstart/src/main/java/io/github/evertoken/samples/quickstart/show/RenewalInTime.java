package io.github.evertoken.samples.quickstart.show;

import java.time.Duration;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The token of the continuous caller comes of age, and is replaced while it still works.
 */
final class RenewalInTime implements Scene {

	/**
	 * 80 % less the jitter of 5 %, less what the rounding to milliseconds can take away.
	 * There is no upper bound but the end of the token's life: a slow machine may be
	 * late.
	 */
	private static final double EARLIEST = 74.9;

	@Override
	public String promise() {
		return "A token is renewed at 80 % of its life, less 0 to 5 %";
	}

	@Override
	public Mono<Promise> play(Stage stage) {
		Mono<Promise> renewal = stage.history()
			.renewals("inventory")
			.next()
			.map((renewed) -> Promise.of(promise(), renewed.age() >= EARLIEST && renewed.age() < 100,
					"at %.1f %%, in the background", renewed.age()));
		return Mono.zip(renewal, Comparison.beside(stage, inTheForeground(stage)), Promise::beside);
	}

	/**
	 * Spring Security's filter renews a token when a call comes whose token is about to
	 * end: that call waits, and so do all others that come meanwhile, each for a token
	 * request of its own.
	 */
	private static Mono<String> inTheForeground(Stage stage) {
		return Mono.defer(() -> {
			long before = requests(stage);
			return Flux.interval(Duration.ofMillis(100))
				.map((tick) -> requests(stage))
				.filter((requests) -> requests > before)
				.next()
				.delayElement(Duration.ofSeconds(1))
				.map((requests) -> {
					long renewals = requests(stage) - before;
					stage.springSecuritySays("a call needs a new token, and waits; token requests at the server: %d",
							renewals);
					return "in the foreground, requests: " + renewals;
				});
		});
	}

	private static long requests(Stage stage) {
		return stage.tokenRequests(stage.springSecurity(), "orders", "client_credentials");
	}

}
