/**
 * Advice about the clients: what is known of their configuration, and where the advisor
 * hears of their tokens. The door is {@link AdviceConfiguration}.
 * <p>
 * Internal: what is public here is so for the neighbouring rooms.
 */
@NullMarked
package io.github.evertoken.boot.autoconfigure.advice;

import org.jspecify.annotations.NullMarked;
