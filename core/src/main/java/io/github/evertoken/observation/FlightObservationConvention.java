package io.github.evertoken.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Says how the observation of a flight is named and tagged. A bean of this type replaces
 * {@link DefaultFlightObservationConvention}.
 *
 * @since 0.1.0
 */
public interface FlightObservationConvention extends ObservationConvention<FlightObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof FlightObservationContext;
	}

}
