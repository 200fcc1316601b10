package io.github.evertoken.web;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The policies of one filter: that for all clients, and those of single ones.
 */
final class FilterPolicies {

	private final WarningRejectionPolicy forAll;

	private final Map<String, WarningRejectionPolicy> own = new HashMap<>();

	FilterPolicies(RejectionPolicy forAll, Map<String, RejectionPolicy> own) {
		AtomicBoolean warned = new AtomicBoolean();
		this.forAll = new WarningRejectionPolicy(forAll, warned);
		own.forEach((client, policy) -> this.own.put(client, new WarningRejectionPolicy(policy, warned)));
	}

	RejectionPolicy of(String client) {
		return this.own.isEmpty() ? this.forAll : this.own.getOrDefault(client, this.forAll);
	}

}
