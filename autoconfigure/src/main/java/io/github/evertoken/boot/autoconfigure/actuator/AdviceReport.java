package io.github.evertoken.boot.autoconfigure.actuator;

import java.time.Instant;
import java.util.List;

import io.github.evertoken.advice.Advice;

/**
 * What somebody would better change about a client.
 *
 * @param id the rule that says so
 * @param client the client
 * @param text what it says
 * @param link where the rule is explained
 * @param since since when it says so
 */
record AdviceReport(String id, String client, String text, String link, TimePoint since) {

	static List<AdviceReport> of(List<Advice> advice, Instant now) {
		return advice.stream()
			.map((each) -> new AdviceReport(each.id(), each.client(), each.text(), each.link(),
					TimePoint.of(each.since(), now)))
			.toList();
	}

}
