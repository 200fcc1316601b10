/**
 * Evertoken in a Spring Boot application: the auto-configurations. They are the door to
 * the rooms below, each of which has beans of its own.
 */
@NullMarked
package io.github.evertoken.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
