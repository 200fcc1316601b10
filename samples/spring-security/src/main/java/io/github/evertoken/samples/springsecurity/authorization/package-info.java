/**
 * The authorization server: Spring Authorization Server, with a counter of its own.
 */
@NullMarked
package io.github.evertoken.samples.springsecurity.authorization;

import org.jspecify.annotations.NullMarked;
