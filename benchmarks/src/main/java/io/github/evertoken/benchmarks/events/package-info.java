/**
 * How soon a browser hears of what happens to a token.
 */
@NullMarked
package io.github.evertoken.benchmarks.events;

import org.jspecify.annotations.NullMarked;
