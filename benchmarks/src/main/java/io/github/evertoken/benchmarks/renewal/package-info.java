/**
 * Table C.
 */
@NullMarked
package io.github.evertoken.benchmarks.renewal;

import org.jspecify.annotations.NullMarked;
