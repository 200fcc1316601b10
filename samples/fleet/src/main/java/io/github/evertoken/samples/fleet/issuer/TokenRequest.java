package io.github.evertoken.samples.fleet.issuer;

import java.time.Instant;

/**
 * A request that has reached the token endpoint.
 *
 * @param clientId whose it is
 * @param replica who sent it
 * @param refused whether the endpoint was out of order
 * @param at when
 */
public record TokenRequest(String clientId, String replica, boolean refused, Instant at) {

}
