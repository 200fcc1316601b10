package io.github.evertoken.boot.autoconfigure.properties;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The cooldown after a failed flight.
 *
 * @param patience How long callers wait through failing attempts before they are told. 0
 * tells them at once.
 * @param initialBackoff Longest cooldown after the first failure. It doubles with each
 * further one.
 * @param maxBackoff Longest cooldown after any number of failures, unless the token
 * endpoint asks for more.
 * @since 0.1.0
 */
public record RetryProperties(@DefaultValue("3s") Duration patience, @DefaultValue("500ms") Duration initialBackoff,
		@DefaultValue("5s") Duration maxBackoff) {

}
