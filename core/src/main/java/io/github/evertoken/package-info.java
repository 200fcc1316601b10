/**
 * The values and contracts that every part of Evertoken and every user names. The door is
 * {@link io.github.evertoken.TokenManager}.
 * <p>
 * An issuer is what obtains a token set, see {@link io.github.evertoken.TokenIssuer}, and
 * nothing else: the name by which an authorization server calls itself (RFC 8414, section
 * 2) is its issuer URI or issuer identifier, and whoever signs an assertion is the
 * assertion's issuer.
 */
@NullMarked
package io.github.evertoken;

import org.jspecify.annotations.NullMarked;
