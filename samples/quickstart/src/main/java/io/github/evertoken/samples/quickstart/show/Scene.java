package io.github.evertoken.samples.quickstart.show;

import reactor.core.publisher.Mono;

/**
 * Puts one promise to the test.
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

}
