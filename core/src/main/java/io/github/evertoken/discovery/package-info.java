/**
 * The room of an authorization server's metadata (RFC 8414), and of how it is found. The
 * door is {@link io.github.evertoken.discovery.AuthorizationServerMetadataSource}.
 */
@NullMarked
package io.github.evertoken.discovery;

import org.jspecify.annotations.NullMarked;
