package io.github.evertoken.boot.autoconfigure.diagnostics;

import io.github.evertoken.boot.RequiredTokenException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Reports a {@link RequiredTokenException}.
 */
final class RequiredTokenFailureAnalyzer extends AbstractFailureAnalyzer<RequiredTokenException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, RequiredTokenException cause) {
		return new FailureAnalysis(cause.getMessage(), "Make sure that the issuer of client '" + cause.getClient()
				+ "' can be reached and accepts the client, or set evertoken.clients." + cause.getClient()
				+ ".start to 'background', so that the application starts without a token and obtains it later.",
				cause);
	}

}
