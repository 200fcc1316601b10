/**
 * What is written below {@code evertoken} in an application's properties, as immutable
 * records. The door is {@link EvertokenProperties}; all types are public, for they are
 * bound and documented.
 * <p>
 * Internal: applications write properties, and need not name their types.
 */
@NullMarked
package io.github.evertoken.boot.autoconfigure.properties;

import org.jspecify.annotations.NullMarked;
