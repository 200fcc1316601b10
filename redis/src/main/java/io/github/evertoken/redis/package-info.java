/**
 * A store in Redis by which many replicas of a service live on one token set a key. The
 * door is {@link io.github.evertoken.redis.RedisTokenStore}.
 */
@NullMarked
package io.github.evertoken.redis;

import org.jspecify.annotations.NullMarked;
