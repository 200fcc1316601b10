package io.github.evertoken.samples.fleet.issuer;

import org.springframework.stereotype.Component;

/**
 * Knows which replica has sent the request that a thread is about.
 */
@Component
class Requester {

	/**
	 * The header in which a replica says who it is.
	 */
	static final String HEADER = "X-Replica";

	private final ThreadLocal<String> replica = new ThreadLocal<>();

	String replica() {
		String current = this.replica.get();
		return (current != null) ? current : "nobody";
	}

	void is(String name) {
		this.replica.set(name);
	}

	void isGone() {
		this.replica.remove();
	}

}
