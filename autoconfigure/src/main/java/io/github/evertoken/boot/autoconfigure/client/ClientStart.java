package io.github.evertoken.boot.autoconfigure.client;

import java.time.Duration;

import io.github.evertoken.boot.Start;

/**
 * A client as far as its start is concerned.
 *
 * @param start when its first token is obtained
 * @param timeout how long the start of the application may wait for it
 */
public record ClientStart(Start start, Duration timeout) {
}
