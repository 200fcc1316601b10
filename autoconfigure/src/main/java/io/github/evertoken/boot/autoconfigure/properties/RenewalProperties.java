package io.github.evertoken.boot.autoconfigure.properties;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a token is renewed.
 *
 * @param at Fraction of its lifetime after which a token is renewed in the background.
 * @param jitter Fraction of its lifetime by which the renewal of a token comes earlier at
 * random, at most.
 * @param keepAlive Whether the service's own token is renewed though nobody has used it
 * since its last renewal. Those of subjects are renewed when they are used. A refresh
 * token whose end is known is renewed before it, whoever it belongs to, as long as its
 * key is held.
 * @since 0.1.0
 */
public record RenewalProperties(@DefaultValue("0.8") double at, @DefaultValue("0.05") double jitter,
		@DefaultValue("false") boolean keepAlive) {

}
