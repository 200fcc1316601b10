package io.github.evertoken.observation;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

import io.github.evertoken.TokenEvent.Trigger;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of Evertoken.
 *
 * @since 0.1.0
 */
public enum TokenObservationDocumentation implements ObservationDocumentation {

	/**
	 * A flight: the one running call to the issuer for a key, with all its attempts. Its
	 * span is a root of its own, and is linked with that of the caller because of whom it
	 * has taken off.
	 */
	FLIGHT {

		@Override
		public String getName() {
			return NAME;
		}

		@Override
		public String getContextualName() {
			return CONTEXTUAL_NAME;
		}

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultFlightObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return FlightKeyName.values();
		}

		@Override
		public String getPrefix() {
			return "evertoken";
		}

	};

	static final String NAME = "evertoken.flight";

	static final String CONTEXTUAL_NAME = "token flight";

	private static final Set<Trigger> TRIGGERS = Collections
		.unmodifiableSet(EnumSet.complementOf(EnumSet.of(Trigger.EVICTION, Trigger.APPLICATION)));

	/**
	 * Return what a flight can have been triggered by. What an application puts or
	 * removes, and what is forgotten, needs no call to the issuer.
	 * @return the values of {@link FlightKeyName#TRIGGER}
	 */
	public static Set<Trigger> triggers() {
		return TRIGGERS;
	}

	/**
	 * The tags of a flight.
	 *
	 * @since 0.1.0
	 */
	public enum FlightKeyName implements KeyName {

		/**
		 * The client's name.
		 */
		CLIENT {

			@Override
			public String asString() {
				return "client";
			}

		},

		/**
		 * Why it has taken off.
		 */
		TRIGGER {

			@Override
			public String asString() {
				return "trigger";
			}

		},

		/**
		 * What it has come to.
		 */
		OUTCOME {

			@Override
			public String asString() {
				return "outcome";
			}

		}

	}

}
