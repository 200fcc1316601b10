/**
 * Draws what the tables show.
 */
@NullMarked
package io.github.evertoken.benchmarks.chart;

import org.jspecify.annotations.NullMarked;
