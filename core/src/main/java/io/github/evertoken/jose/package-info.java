/**
 * The room of keys, signatures and JWTs (RFC 7515, RFC 7517, RFC 7519). The door is
 * {@link io.github.evertoken.jose.SigningKey}, which the user brings;
 * {@link io.github.evertoken.jose.JwtSigner}, {@link io.github.evertoken.jose.JwtExpiry}
 * and {@link io.github.evertoken.jose.TokenClaims} are for the rooms above, and
 * {@link io.github.evertoken.jose.UnverifiedJwt} is for those who look at tokens.
 */
@NullMarked
package io.github.evertoken.jose;

import org.jspecify.annotations.NullMarked;
