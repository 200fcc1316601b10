/**
 * The room of what a client proves with who it is (RFC 6749, section 2.3): secrets,
 * certificates and assertions. The door is
 * {@link io.github.evertoken.authentication.ClientAuthentication}.
 */
@NullMarked
package io.github.evertoken.authentication;

import org.jspecify.annotations.NullMarked;
