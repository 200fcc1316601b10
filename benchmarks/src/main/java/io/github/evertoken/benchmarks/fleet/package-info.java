/**
 * A fleet of replicas that is larger than what a machine can run: the life-cycle as an
 * application has it, many thousand times, in a time that is simulated.
 */
@NullMarked
package io.github.evertoken.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
