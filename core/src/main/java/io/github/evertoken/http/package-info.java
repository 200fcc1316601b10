/**
 * The room of what any exchange with an authorization server is read with: bodies,
 * headers, addresses and failures of connections, made fit for a message. It is a shelf
 * of tools for the rooms above and not for users; the door is
 * {@link io.github.evertoken.http.ResponseBody}.
 */
@NullMarked
package io.github.evertoken.http;

import org.jspecify.annotations.NullMarked;
