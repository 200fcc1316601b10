/**
 * The rest of a call, without a network.
 */
@NullMarked
package io.github.evertoken.benchmarks.stub;

import org.jspecify.annotations.NullMarked;
