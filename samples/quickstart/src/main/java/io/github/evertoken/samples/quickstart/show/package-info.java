/**
 * The show: scenes that put the promises to the test, the timeline and the summary.
 */
@NullMarked
package io.github.evertoken.samples.quickstart.show;

import org.jspecify.annotations.NullMarked;
