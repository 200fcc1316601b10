/**
 * The authorization server: Spring Authorization Server with rotating refresh tokens,
 * which punishes reuse.
 */
@NullMarked
package io.github.evertoken.samples.fleet.issuer;

import org.jspecify.annotations.NullMarked;
