/**
 * Rounds, forks, tables: what all measurements have in common.
 */
@NullMarked
package io.github.evertoken.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
