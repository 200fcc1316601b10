/**
 * The room of HTTP service interfaces: what their methods and parameters say of the token
 * that a request is to carry. The door is
 * {@link io.github.evertoken.service.HttpServiceTokens}.
 */
@NullMarked
package io.github.evertoken.service;

import org.jspecify.annotations.NullMarked;
