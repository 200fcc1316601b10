/**
 * The program that makes the tables and plots of {@code docs/performance.md}.
 */
@NullMarked
package io.github.evertoken.benchmarks;

import org.jspecify.annotations.NullMarked;
