/**
 * The room of the filter: choosing the client for a request, sending its token, and
 * meeting a 401. The door is {@link io.github.evertoken.web.TokenExchangeFilterFunction};
 * {@link io.github.evertoken.web.TokenExchangeInterceptor} does the same for callers
 * whose thread waits for the answer.
 */
@NullMarked
package io.github.evertoken.web;

import org.jspecify.annotations.NullMarked;
