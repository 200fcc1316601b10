/**
 * How a client reaches its token endpoint: HTTP clients, proxies, SSL bundles. The door
 * is {@link TokenEndpointClients}.
 * <p>
 * Internal: what is public here is so for the neighbouring rooms.
 */
@NullMarked
package io.github.evertoken.boot.autoconfigure.connection;

import org.jspecify.annotations.NullMarked;
