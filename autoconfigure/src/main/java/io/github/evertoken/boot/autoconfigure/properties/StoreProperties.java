package io.github.evertoken.boot.autoconfigure.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where token sets rest, so that all instances of a service live on the same ones.
 *
 * @param type Where token sets rest. By default in Redis, if evertoken-redis and a
 * connection to Redis are there, and else in memory.
 * @param prefix What all names in Redis begin with. Services share token sets if they
 * have the same prefix and the same keys.
 * @param timeout How long each step in a token store may take.
 * @param lease How long an instance may take to redeem a refresh token before another one
 * may try. Longer than the longest refresh-deadline with the steps in the store around
 * it, which is the default. The deadline of every shared client counts, also of one that
 * has only a grant of its own: an answer to that may bring a refresh token. It may be
 * shorter where rotation.grace is set.
 * @param retention For how long a token set is kept after its last use: as long as a
 * session lasts.
 * @param encryption How token sets are encrypted in Redis.
 * @since 0.1.0
 */
public record StoreProperties(@Nullable StoreType type, @DefaultValue("evertoken") String prefix,
		@DefaultValue("500ms") Duration timeout, @Nullable Duration lease, @DefaultValue("30d") Duration retention,
		@NestedConfigurationProperty @DefaultValue EncryptionProperties encryption) {

}
