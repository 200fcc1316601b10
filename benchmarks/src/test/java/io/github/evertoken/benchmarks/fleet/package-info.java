@NullMarked
package io.github.evertoken.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
