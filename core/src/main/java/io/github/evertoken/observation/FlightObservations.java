package io.github.evertoken.observation;

import java.util.Objects;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Observes each flight, {@link TokenObservationDocumentation#FLIGHT}. What its calls
 * observe themselves, such as the requests to a token endpoint, is a part of it.
 *
 * @since 0.1.0
 */
public final class FlightObservations implements TokenObserver {

	private static final FlightObservationConvention DEFAULT = new DefaultFlightObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable FlightObservationConvention convention;

	/**
	 * Create an observer.
	 * @param registry where the observations go
	 * @param convention names and tags them, {@code null} for the default
	 */
	public FlightObservations(ObservationRegistry registry, @Nullable FlightObservationConvention convention) {
		this.registry = Objects.requireNonNull(registry, "registry");
		this.convention = convention;
	}

	@Override
	public FlightObserver flightStarted(TokenKey key, Trigger trigger, ContextView starter) {
		if (this.registry.isNoop()) {
			return FlightObserver.NONE;
		}
		FlightObservationContext context = new FlightObservationContext(key.client(), trigger, observation(starter));
		Observation observation = TokenObservationDocumentation.FLIGHT.observation(this.convention, DEFAULT,
				() -> context, this.registry);
		// Whatever is current on this thread is somebody else's.
		context.setParentObservation(null);
		return new ObservedFlight(observation.start(), context);
	}

	private @Nullable Observation observation(ContextView starter) {
		Observation own = starter.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
		return (own != null) ? own : this.registry.getCurrentObservation();
	}

	private record ObservedFlight(Observation observation,
			FlightObservationContext observed) implements FlightObserver {

		@Override
		public Context context(Context context) {
			return context.put(ObservationThreadLocalAccessor.KEY, this.observation);
		}

		@Override
		public void ended(Outcome outcome, @Nullable TokenException failure) {
			this.observed.endsWith(outcome);
			if (failure != null && outcome != Outcome.CANCELLED) {
				this.observation.error(failure);
			}
			this.observation.stop();
		}

	}

}
