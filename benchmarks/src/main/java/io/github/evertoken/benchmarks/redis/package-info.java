/**
 * What the store in Redis costs.
 */
@NullMarked
package io.github.evertoken.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
