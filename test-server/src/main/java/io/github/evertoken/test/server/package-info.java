/**
 * An authorization server for tests that behaves, and misbehaves, as real ones do. It
 * knows nothing of what is tested against it.
 */
@NullMarked
package io.github.evertoken.test.server;

import org.jspecify.annotations.NullMarked;
