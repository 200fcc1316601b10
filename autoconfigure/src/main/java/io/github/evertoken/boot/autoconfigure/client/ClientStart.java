package io.github.evertoken.boot.autoconfigure.client;

import java.time.Duration;

import io.github.evertoken.boot.Eager;

/**
 * A client as far as its start is concerned.
 *
 * @param eager when its first token is obtained
 * @param timeout how long the start of the application may wait for it
 */
public record ClientStart(Eager eager, Duration timeout) {
}
