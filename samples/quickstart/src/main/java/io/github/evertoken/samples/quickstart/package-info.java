/**
 * The quickstart: what {@code main} does.
 */
@NullMarked
package io.github.evertoken.samples.quickstart;

import org.jspecify.annotations.NullMarked;
