/**
 * Table D.
 */
@NullMarked
package io.github.evertoken.benchmarks.endtoend;

import org.jspecify.annotations.NullMarked;
