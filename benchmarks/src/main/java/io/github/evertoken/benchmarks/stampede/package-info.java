/**
 * Table B, and growth with concurrent callers.
 */
@NullMarked
package io.github.evertoken.benchmarks.stampede;

import org.jspecify.annotations.NullMarked;
