/**
 * Table A.
 */
@NullMarked
package io.github.evertoken.benchmarks.hotpath;

import org.jspecify.annotations.NullMarked;
