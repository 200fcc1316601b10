package io.github.evertoken.samples.fleet.show;

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
	Promise play(Stage stage);

}
