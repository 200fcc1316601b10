/**
 * Looks at what the tokens of each client cost, and says what somebody would better
 * change. The door is {@link io.github.evertoken.advice.Advisor}. {@code docs/advice.md}
 * says of each rule what it means and what to do.
 */
@NullMarked
package io.github.evertoken.advice;

import org.jspecify.annotations.NullMarked;
