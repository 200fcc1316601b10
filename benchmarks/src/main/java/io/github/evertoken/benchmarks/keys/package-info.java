/**
 * Table E, and growth with keys.
 */
@NullMarked
package io.github.evertoken.benchmarks.keys;

import org.jspecify.annotations.NullMarked;
