package io.github.evertoken.samples.quickstart.show;

import java.time.Duration;

import io.github.evertoken.samples.quickstart.authorization.AuthorizationServer;
import io.github.evertoken.samples.quickstart.inventory.Inventory;
import io.github.evertoken.samples.quickstart.orders.Orders;

/**
 * What a scene has to play with.
 *
 * @param services the three services
 * @param history what happens to the tokens
 * @param timeline where to tell of it
 */
record Stage(Services services, TokenHistory history, Timeline timeline) {

	/**
	 * How many calls come at once.
	 */
	static final int CROWD = 1000;

	/**
	 * How long a scene may take. It is there to end a show that has come to a standstill:
	 * no promise depends on the speed of the machine, on which a scene that goes on has
	 * taken minutes.
	 */
	static final Duration LIMIT = Duration.ofMinutes(10);

	AuthorizationServer authorization() {
		return this.services.authorization();
	}

	Inventory inventory() {
		return this.services.inventory();
	}

	Orders orders() {
		return this.services.orders();
	}

	void say(String what, Object... arguments) {
		this.timeline.say("show", what, arguments);
	}

}
