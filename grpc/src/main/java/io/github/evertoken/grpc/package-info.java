/**
 * Tokens for the calls of gRPC clients. The door is
 * {@link io.github.evertoken.grpc.TokenClientInterceptor};
 * {@link io.github.evertoken.grpc.TokenCallCredentials} are for calls that say more of
 * their token.
 */
@NullMarked
package io.github.evertoken.grpc;

import org.jspecify.annotations.NullMarked;
