/**
 * What an application names that uses Evertoken with Spring Boot: clients that are beans,
 * customizers, and the exceptions that stop a start. Its door is all of it. It knows none
 * of the rooms below {@code autoconfigure}.
 */
@NullMarked
package io.github.evertoken.boot;

import org.jspecify.annotations.NullMarked;
