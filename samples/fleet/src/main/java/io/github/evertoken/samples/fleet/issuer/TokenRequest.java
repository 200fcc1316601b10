package io.github.evertoken.samples.fleet.issuer;

import java.time.Instant;

/**
 * A request that has reached the token endpoint.
 *
 * @param clientId whose it is
 * @param replica who sent it
 * @param refreshToken names the refresh token that came with it, if one did
 * @param refused whether the endpoint was out of order
 * @param at when
 */
public record TokenRequest(String clientId, String replica, String refreshToken, boolean refused, Instant at) {

}
