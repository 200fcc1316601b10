/**
 * The conductor: what it does to the fleet, and how the promises are kept.
 */
@NullMarked
package io.github.evertoken.samples.fleet.show;

import org.jspecify.annotations.NullMarked;
