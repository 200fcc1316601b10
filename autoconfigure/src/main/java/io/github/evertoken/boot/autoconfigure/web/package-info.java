/**
 * The calls of an application, which the filter adds tokens to, and the answers to its
 * own callers. The door is {@link WebConfiguration}.
 * <p>
 * Internal: what is public here is so for the neighbouring rooms.
 */
@NullMarked
package io.github.evertoken.boot.autoconfigure.web;

import org.jspecify.annotations.NullMarked;
