package io.github.evertoken.observation;

import io.micrometer.core.instrument.Tags;

/**
 * Says how the meters are named and tagged. A bean of this type replaces the default,
 * which is what {@link TokenMeterDocumentation} says.
 *
 * @since 0.1.0
 */
public interface TokenMeterConvention {

	/**
	 * What {@link TokenMeterDocumentation} says.
	 */
	TokenMeterConvention DEFAULT = new TokenMeterConvention() {
	};

	/**
	 * Return the name of a meter.
	 * @param meter the meter
	 * @return its name
	 */
	default String name(TokenMeterDocumentation meter) {
		return meter.getName();
	}

	/**
	 * Return the tags of a meter. Their keys must be the same whatever the values are.
	 * @param meter the meter
	 * @param tags those that it has by default
	 * @return those that it is to have
	 */
	default Tags tags(TokenMeterDocumentation meter, Tags tags) {
		return tags;
	}

}
