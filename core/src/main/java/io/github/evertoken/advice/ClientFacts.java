package io.github.evertoken.advice;

import java.time.Duration;
import java.util.Map;

import io.github.evertoken.TokenObserver.IssuerAnswer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one client at one moment. Nothing else leads to advice.
 *
 * @param client what its configuration has in it
 * @param answer the last answer of its issuer, {@code null} if there was none
 * @param refreshTokenLifetime the longest life of a refresh token that its issuer has
 * told: where a session has an end, what is left of it gets less with each answer;
 * {@code null} if it has told none
 * @param resourceClock the clock of the resource server that has refused a token last,
 * {@code null} if none has, or it did not say
 * @param refusingOrigin whose refusals of tokens that others accept were passed on last,
 * {@code null} if that is not known
 * @param counts what has occurred in the last hour; what has not is left out
 */
record ClientFacts(AdvisedClient client, @Nullable IssuerAnswer answer, @Nullable Duration refreshTokenLifetime,
		@Nullable ResourceClock resourceClock, @Nullable String refusingOrigin, Map<Occurrence, Integer> counts) {

	/**
	 * The clock of a resource server.
	 *
	 * @param origin whose
	 * @param ahead by how much it is ahead of ours, negative if it is behind
	 */
	record ResourceClock(String origin, Duration ahead) {
	}

	ClientFacts {
		counts = Map.copyOf(counts);
	}

	String name() {
		return this.client.name();
	}

	int count(Occurrence occurrence) {
		return this.counts.getOrDefault(occurrence, 0);
	}

}
