package io.github.evertoken.boot.autoconfigure.actuator;

import io.github.evertoken.TokenEvent.Trigger;

/**
 * A running flight.
 *
 * @param trigger why it has taken off
 * @param since when
 * @param attempts how many attempts it has made
 */
record FlightReport(Trigger trigger, TimePoint since, int attempts) {

}
