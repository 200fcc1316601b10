package io.github.evertoken.observation;

import java.util.Objects;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenObserver.Outcome;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a flight that is observed.
 *
 * @since 0.1.0
 */
public final class FlightObservationContext extends Observation.Context {

	private final String client;

	private final Trigger trigger;

	private final @Nullable Observation starter;

	private volatile @Nullable Outcome outcome;

	/**
	 * Create a context.
	 * @param client the client whose flight it is
	 * @param trigger why it has taken off
	 * @param starter the observation of the caller because of whom it has, or
	 * {@code null} if there is none
	 */
	public FlightObservationContext(String client, Trigger trigger, @Nullable Observation starter) {
		this.client = Objects.requireNonNull(client, "client");
		this.trigger = Objects.requireNonNull(trigger, "trigger");
		this.starter = starter;
	}

	/**
	 * Return the client whose flight it is.
	 * @return the client's name
	 */
	public String client() {
		return this.client;
	}

	/**
	 * Return why it has taken off.
	 * @return the trigger
	 */
	public Trigger trigger() {
		return this.trigger;
	}

	/**
	 * Return the observation of the caller because of whom it has taken off. The flight
	 * is no part of it: others share it, and it outlives the call.
	 * @return the observation, or {@code null} if there is none
	 */
	public @Nullable Observation starter() {
		return this.starter;
	}

	/**
	 * Return what it has come to.
	 * @return the outcome, {@code null} while it is underway
	 */
	public @Nullable Outcome outcome() {
		return this.outcome;
	}

	void endsWith(Outcome outcome) {
		this.outcome = outcome;
	}

	/**
	 * Without what the observations of others have.
	 */
	@Override
	public String toString() {
		return "FlightObservationContext[client=" + this.client + ", trigger=" + this.trigger + ", outcome="
				+ this.outcome + "]";
	}

}
