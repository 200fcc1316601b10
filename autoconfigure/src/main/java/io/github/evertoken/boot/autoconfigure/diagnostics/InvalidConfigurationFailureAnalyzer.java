package io.github.evertoken.boot.autoconfigure.diagnostics;

import io.github.evertoken.Troubleshooting;
import io.github.evertoken.boot.InvalidConfigurationException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Reports an {@link InvalidConfigurationException}.
 */
final class InvalidConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<InvalidConfigurationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidConfigurationException cause) {
		StringBuilder description = new StringBuilder("The configuration of Evertoken is wrong:")
			.append("%n".formatted());
		cause.getProblems().forEach((problem) -> description.append("%n    %s".formatted(problem)));
		return new FailureAnalysis(description.toString(),
				"Update your application's configuration. Each line above names a property, or a method,"
						+ " and what may stand there. See " + Troubleshooting.INVALID_CONFIGURATION.address(),
				cause);
	}

}
