package io.github.evertoken.samples.quickstart.show;

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
		return stage.history()
			.renewals("inventory")
			.next()
			.map((renewal) -> Promise.of(promise(), renewal.age() >= EARLIEST && renewal.age() < 100,
					"at %.1f %%, in the background", renewal.age()));
	}

}
