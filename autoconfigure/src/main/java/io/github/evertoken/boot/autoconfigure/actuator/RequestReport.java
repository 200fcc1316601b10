package io.github.evertoken.boot.autoconfigure.actuator;

import java.time.Instant;

import io.github.evertoken.web.RequestWithoutToken;
import org.jspecify.annotations.Nullable;

/**
 * A request that went without a token.
 *
 * @param at when it was answered, or failed
 * @param status how it was answered, {@code null} if it was not
 * @param explanation where it went, and why without a token
 */
record RequestReport(TimePoint at, @Nullable Integer status, ExplanationReport explanation) {

	static RequestReport of(RequestWithoutToken request, Instant now) {
		return new RequestReport(TimePoint.of(request.at(), now), request.status(),
				ExplanationReport.of(request.explanation()));
	}

}
