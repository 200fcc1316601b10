/**
 * The room of what a token is granted for: the grants that a client can show, and where
 * the tokens come from that some of them show. The door is
 * {@link io.github.evertoken.grant.AuthorizationGrant}.
 */
@NullMarked
package io.github.evertoken.grant;

import org.jspecify.annotations.NullMarked;
