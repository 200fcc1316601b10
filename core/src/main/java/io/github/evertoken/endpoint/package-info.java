/**
 * The room of the token endpoint (RFC 6749, section 3.2): what is sent there, how its
 * answers and errors are read, and how tokens are revoked. The door is
 * {@link io.github.evertoken.endpoint.OAuth2TokenIssuer}; the formats say how a server
 * deviates from the RFC.
 */
@NullMarked
package io.github.evertoken.endpoint;

import org.jspecify.annotations.NullMarked;
