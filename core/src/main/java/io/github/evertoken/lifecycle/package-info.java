/**
 * The room of a token's life: how it is obtained, kept, renewed and lost, for one key and
 * for all of them. The door is {@link io.github.evertoken.lifecycle.DefaultTokenManager},
 * with {@link io.github.evertoken.lifecycle.ClientSettings}.
 */
@NullMarked
package io.github.evertoken.lifecycle;

import org.jspecify.annotations.NullMarked;
