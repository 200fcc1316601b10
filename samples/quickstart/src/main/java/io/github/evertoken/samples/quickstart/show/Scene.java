package io.github.evertoken.samples.quickstart.show;

import reactor.core.publisher.Mono;

/**
 * Puts one promise to the test, and shows what comes of the same with what Evertoken
 * replaces.
 */
interface Scene {

	/**
	 * Return what is promised.
	 */
	String promise();

	/**
	 * Play, and judge.
	 */
	Mono<Promise> play(Stage stage);

	/**
	 * Play the same with what Evertoken replaces, when everything else is over.
	 * @return what was measured; empty if the promise tells it already
	 */
	default Mono<String> compare(Stage stage) {
		return Mono.empty();
	}

}
