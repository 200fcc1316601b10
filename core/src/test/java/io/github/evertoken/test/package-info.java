/**
 * Servers to test against: real HTTP, scriptable, without a fixed port.
 */
@NullMarked
package io.github.evertoken.test;

import org.jspecify.annotations.NullMarked;
