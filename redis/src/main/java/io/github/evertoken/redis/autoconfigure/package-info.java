/**
 * What makes the store of a Spring Boot application. The door is
 * {@link io.github.evertoken.redis.autoconfigure.EvertokenRedisAutoConfiguration}.
 */
@NullMarked
package io.github.evertoken.redis.autoconfigure;

import org.jspecify.annotations.NullMarked;
