/**
 * A fleet of replicas that live on the same rotating refresh tokens, one authorization
 * server, one Redis, and a conductor that kills whatever it can.
 */
@NullMarked
package io.github.evertoken.samples.fleet;

import org.jspecify.annotations.NullMarked;
