/**
 * The orders service: what a user of Evertoken writes.
 */
@NullMarked
package io.github.evertoken.samples.quickstart.orders;

import org.jspecify.annotations.NullMarked;
