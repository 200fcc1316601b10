/**
 * The room where token sets rest. The door is
 * {@link io.github.evertoken.store.TokenStore}.
 */
@NullMarked
package io.github.evertoken.store;

import org.jspecify.annotations.NullMarked;
