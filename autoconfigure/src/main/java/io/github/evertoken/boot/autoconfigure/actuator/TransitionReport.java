package io.github.evertoken.boot.autoconfigure.actuator;

import io.github.evertoken.lifecycle.KeyPhase;

/**
 * A transition of a key.
 *
 * @param when when it happened
 * @param event what happened, as the table of the life-cycle names it
 * @param from the phase before
 * @param to the phase after
 * @param generation the generation after
 */
record TransitionReport(TimePoint when, String event, KeyPhase from, KeyPhase to, long generation) {

}
