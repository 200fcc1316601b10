package io.github.evertoken.samples.quickstart.show;

import java.time.Duration;

import io.github.evertoken.samples.quickstart.authorization.AuthorizationServer;
import io.github.evertoken.samples.quickstart.inventory.Inventory;

/**
 * What a scene has to play with.
 *
 * @param services the services
 * @param evertoken the orders service
 * @param springSecurity the orders service as it was before
 * @param history what happens to the tokens
 * @param timeline where to tell of it
 */
record Stage(Services services, Contender evertoken, Contender springSecurity, TokenHistory history,
		Timeline timeline) {

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

	/**
	 * Return how many token requests have reached the server.
	 * @param contender whose
	 * @param client of which of its clients, by the name that it has at the orders
	 * service of today
	 * @param grantType the grant
	 */
	long tokenRequests(Contender contender, String client, String grantType) {
		return authorization().tokenRequests(contender.credential(client), grantType);
	}

	void say(String what, Object... arguments) {
		this.timeline.say("show", what, arguments);
	}

	void say(Contender contender, String what, Object... arguments) {
		this.timeline.say(contender.name(), what, arguments);
	}

	void springSecuritySays(String what, Object... arguments) {
		say(this.springSecurity, what, arguments);
	}

}
