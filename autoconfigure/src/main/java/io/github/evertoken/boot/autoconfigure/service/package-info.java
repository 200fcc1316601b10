/**
 * The room of HTTP service interfaces: lets the proxies that Spring makes of them say
 * which token their calls carry. The door is {@link HttpServiceConfiguration}.
 * <p>
 * Internal: what is public here is so for the neighbouring rooms.
 */
@NullMarked
package io.github.evertoken.boot.autoconfigure.service;

import org.jspecify.annotations.NullMarked;
