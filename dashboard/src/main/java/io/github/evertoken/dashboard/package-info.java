/**
 * The page that shows what every token is doing, below the actuator endpoint
 * {@code evertoken}. The door is {@link DashboardAutoConfiguration}, and there is nothing
 * else that an application names.
 * <p>
 * What happens to the tokens is kept in an {@link EventRing}, which an
 * {@link EventCollector} fills. Browsers read it at their own pace: each
 * {@link EventStream} has a place in the ring and nothing else, so that one that reads
 * slowly costs no memory.
 */
@NullMarked
package io.github.evertoken.dashboard;

import org.jspecify.annotations.NullMarked;
