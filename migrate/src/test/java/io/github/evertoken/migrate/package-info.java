/**
 * Tests of the command, and of what comes of it.
 */
@NullMarked
package io.github.evertoken.migrate;

import org.jspecify.annotations.NullMarked;
