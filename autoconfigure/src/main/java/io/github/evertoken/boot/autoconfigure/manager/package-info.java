/**
 * The token manager and its place in the life of an application: its start, its events,
 * its end. The door is {@link TokenManagerConfiguration}.
 * <p>
 * Internal: what is public here is so for the neighbouring rooms.
 */
@NullMarked
package io.github.evertoken.boot.autoconfigure.manager;

import org.jspecify.annotations.NullMarked;
