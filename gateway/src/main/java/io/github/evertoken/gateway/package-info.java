/**
 * Filters for the routes of Spring Cloud Gateway on WebFlux: one that sends a route's
 * requests with the token of a client, and one that sends them on behalf of the caller.
 * The doors are {@link io.github.evertoken.gateway.EvertokenGatewayFilterFactory} and
 * {@link io.github.evertoken.gateway.EvertokenRelayGatewayFilterFactory}.
 */
@NullMarked
package io.github.evertoken.gateway;

import org.jspecify.annotations.NullMarked;
