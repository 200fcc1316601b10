package io.github.evertoken.samples.quickstart.show;

import reactor.core.publisher.Mono;

/**
 * A scene that is played with Evertoken, and later in the same way with what it replaces.
 *
 * @param <M> what is measured
 */
abstract class Comparison<M> implements Scene {

	/**
	 * Play with one of the two, and measure.
	 */
	abstract Mono<M> measure(Stage stage, Contender contender);

	/**
	 * Return whether what was measured is what was promised.
	 */
	abstract boolean isKept(M measured);

	@Override
	public final Mono<Promise> play(Stage stage) {
		return measure(stage, stage.evertoken())
			.map((measured) -> Promise.of(promise(), isKept(measured), "%s", measured));
	}

	@Override
	public final Mono<String> compare(Stage stage) {
		return beside(stage, measure(stage, stage.springSecurity()).map(Object::toString));
	}

	/**
	 * What happens to the one breaks no promise of the other.
	 */
	static Mono<String> beside(Stage stage, Mono<String> measured) {
		return measured.timeout(Stage.LIMIT).onErrorResume((ex) -> {
			stage.springSecuritySays("its scene broke off: %s", ex);
			return Mono.just("the scene broke off");
		});
	}

}
