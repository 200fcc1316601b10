package io.github.evertoken.observation;

import io.github.evertoken.TokenObserver.Outcome;
import io.github.evertoken.observation.TokenObservationDocumentation.FlightKeyName;
import io.micrometer.common.KeyValues;

/**
 * Names and tags the observation of a flight as {@link TokenObservationDocumentation}
 * says.
 *
 * @since 0.1.0
 */
public final class DefaultFlightObservationConvention implements FlightObservationConvention {

	private static final String UNDERWAY = "none";

	/**
	 * Create a convention.
	 */
	public DefaultFlightObservationConvention() {
	}

	@Override
	public String getName() {
		return TokenObservationDocumentation.NAME;
	}

	@Override
	public String getContextualName(FlightObservationContext context) {
		return TokenObservationDocumentation.CONTEXTUAL_NAME + " " + context.client();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(FlightObservationContext context) {
		Outcome outcome = context.outcome();
		return KeyValues.of(FlightKeyName.CLIENT.withValue(context.client()),
				FlightKeyName.TRIGGER.withValue(TagValue.of(context.trigger())),
				FlightKeyName.OUTCOME.withValue((outcome != null) ? TagValue.of(outcome) : UNDERWAY));
	}

}
