/**
 * What tokens cost, as Micrometer tells it. The door is
 * {@link io.github.evertoken.observation.TokenMeters}, with
 * {@link io.github.evertoken.observation.FlightObservations} for the observations of
 * flights and their spans. Names and tags are written once, in
 * {@link io.github.evertoken.observation.TokenMeterDocumentation} and
 * {@link io.github.evertoken.observation.TokenObservationDocumentation}.
 */
@NullMarked
package io.github.evertoken.observation;

import org.jspecify.annotations.NullMarked;
