/**
 * Table F.
 */
@NullMarked
package io.github.evertoken.benchmarks.rejection;

import org.jspecify.annotations.NullMarked;
