package io.github.evertoken.boot.autoconfigure.client;

import java.util.List;

import io.github.evertoken.advice.Advisor;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.properties.AdviceProperties;

/**
 * Checks the names of the rules of advice that are silenced: one that there is not would
 * silence nothing, and nobody would know.
 */
final class SilencedRules {

	private SilencedRules() {
	}

	static void check(AdviceProperties advice, ConfigurationProblems problems) {
		List<String> silenced = advice.silenced();
		for (int i = 0; i < silenced.size(); i++) {
			if (!Advisor.rules().contains(silenced.get(i))) {
				problems.add("evertoken.advice.silenced[" + i + "]",
						"must be one of " + String.join(", ", Advisor.rules()) + ", but is '" + silenced.get(i) + "'");
			}
		}
	}

}
