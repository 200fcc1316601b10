/**
 * What is wrong with properties, and which of them are secret. The door is
 * {@link DiagnosticsConfiguration} for the application, and {@link ConfigurationProblems}
 * for the rooms that check values.
 * <p>
 * Internal: what is public here is so for the neighbouring rooms.
 */
@NullMarked
package io.github.evertoken.boot.autoconfigure.diagnostics;

import org.jspecify.annotations.NullMarked;
