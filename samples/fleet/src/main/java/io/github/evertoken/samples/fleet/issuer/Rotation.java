package io.github.evertoken.samples.fleet.issuer;

import java.time.Instant;

/**
 * One refresh token was taken, and another one given for it.
 *
 * @param session the session
 * @param subject whose session it is
 * @param old names the one that was taken
 * @param next names the one that was given
 * @param replica who asked
 * @param at when
 */
public record Rotation(String session, String subject, String old, String next, String replica, Instant at) {

}
