/**
 * The races of the life-cycle, each with its table of outcomes. The tests stand in the
 * package of the code, so that they reach its package-private parts.
 */
@NullMarked
package io.github.evertoken.lifecycle;

import org.jspecify.annotations.NullMarked;
