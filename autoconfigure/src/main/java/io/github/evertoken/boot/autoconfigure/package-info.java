/**
 * Evertoken in a Spring Boot application: properties, conditions and beans.
 */
@NullMarked
package io.github.evertoken.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
