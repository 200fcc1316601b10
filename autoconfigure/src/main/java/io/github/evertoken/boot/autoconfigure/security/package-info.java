/**
 * Spring Security's registrations and logins. The door is {@link SecurityConfiguration}.
 * <p>
 * Internal: what is public here is so for the neighbouring rooms.
 */
@NullMarked
package io.github.evertoken.boot.autoconfigure.security;

import org.jspecify.annotations.NullMarked;
