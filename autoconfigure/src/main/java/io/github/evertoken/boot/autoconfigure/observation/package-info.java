/**
 * What Micrometer is told of the tokens, where the application has it. The door is
 * {@link ObservationConfiguration}.
 * <p>
 * Internal: what is public here is so for the neighbouring rooms.
 */
@NullMarked
package io.github.evertoken.boot.autoconfigure.observation;

import org.jspecify.annotations.NullMarked;
