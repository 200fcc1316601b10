/**
 * Where token sets rest.
 */
@NullMarked
package io.github.evertoken.store;

import org.jspecify.annotations.NullMarked;
