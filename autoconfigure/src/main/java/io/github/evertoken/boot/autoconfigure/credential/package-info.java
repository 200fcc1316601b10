/**
 * What a client proves who it is with: secrets, keys, the files that they stand in, and
 * the assertions that are signed with them. The door is {@link CredentialFactory}.
 * <p>
 * Internal: what is public here is so for the neighbouring rooms.
 */
@NullMarked
package io.github.evertoken.boot.autoconfigure.credential;

import org.jspecify.annotations.NullMarked;
