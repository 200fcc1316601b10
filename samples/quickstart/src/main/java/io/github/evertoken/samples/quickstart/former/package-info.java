/**
 * The orders service as it was before: with Spring Security's filter, for comparison.
 */
@NullMarked
package io.github.evertoken.samples.quickstart.former;

import org.jspecify.annotations.NullMarked;
