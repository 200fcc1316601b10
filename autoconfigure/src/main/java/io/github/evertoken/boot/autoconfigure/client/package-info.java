/**
 * Makes the clients out of properties and beans. The door is {@link ClientConfiguration},
 * and {@link ConfiguredClients} is what it leads to.
 * <p>
 * Internal: what is public here is so for the neighbouring rooms.
 */
@NullMarked
package io.github.evertoken.boot.autoconfigure.client;

import org.jspecify.annotations.NullMarked;
