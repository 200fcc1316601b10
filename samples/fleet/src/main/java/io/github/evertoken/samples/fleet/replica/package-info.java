/**
 * A replica of the service: what a user of Evertoken writes, and what the conductor needs
 * to kill it at the worst moment.
 */
@NullMarked
package io.github.evertoken.samples.fleet.replica;

import org.jspecify.annotations.NullMarked;
