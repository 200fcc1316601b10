package io.github.evertoken.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The policies of one filter: that for all clients, and those of single ones.
 */
final class FilterPolicies {

	private final WarningRejectionPolicy forAll;

	private final Map<String, WarningRejectionPolicy> own = new HashMap<>();

	/**
	 * Create the policies of a filter.
	 * @param forAll the one for all clients
	 * @param own those of single clients
	 * @param bodyTime for how long the body of a refusal is read at the most
	 */
	FilterPolicies(RejectionPolicy forAll, Map<String, RejectionPolicy> own, Duration bodyTime) {
		AtomicBoolean warned = new AtomicBoolean();
		this.forAll = new WarningRejectionPolicy(forAll, warned, bodyTime);
		own.forEach((client, policy) -> this.own.put(client, new WarningRejectionPolicy(policy, warned, bodyTime)));
	}

	RejectionPolicy of(String client) {
		return this.own.isEmpty() ? this.forAll : this.own.getOrDefault(client, this.forAll);
	}

}
