package io.github.evertoken.test.server;

import org.jspecify.annotations.Nullable;

/**
 * An access token that was shown to a resource.
 *
 * @param token what was issued
 * @param flaw why it is not accepted any more, or {@code null} if it is
 */
record ShownToken(IssuedToken token, @Nullable String flaw) {

}
