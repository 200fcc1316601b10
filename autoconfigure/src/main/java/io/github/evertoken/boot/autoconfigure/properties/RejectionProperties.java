package io.github.evertoken.boot.autoconfigure.properties;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is done about tokens that resource servers refuse.
 *
 * @param maxRenewals How many rejected tokens are replaced within one window. 0 passes
 * every 401 on.
 * @param window Window in which rejected tokens are counted.
 * @since 0.1.0
 */
public record RejectionProperties(@DefaultValue("5") int maxRenewals, @DefaultValue("30s") Duration window) {

}
