/**
 * What is compared, each with the settings kindest to it.
 */
@NullMarked
package io.github.evertoken.benchmarks.contender;

import org.jspecify.annotations.NullMarked;
