package io.github.evertoken.samples.fleet.issuer;

import java.time.Instant;

/**
 * A refresh token was presented that had been rotated: the session is revoked.
 *
 * @param rotation how it had been rotated
 * @param replica who presented it
 * @param at when
 */
public record Reuse(Rotation rotation, String replica, Instant at) {

}
