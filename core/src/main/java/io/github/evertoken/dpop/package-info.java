/**
 * The room of proofs of possession (RFC 9449): their key, their nonces, and the proofs.
 * The door is {@link io.github.evertoken.dpop.DpopProofs}.
 */
@NullMarked
package io.github.evertoken.dpop;

import org.jspecify.annotations.NullMarked;
