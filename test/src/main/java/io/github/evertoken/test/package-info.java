/**
 * For those who test a service that uses Evertoken: an authorization server that behaves,
 * and misbehaves, as real ones do; a time that the test moves; and tokens that nobody has
 * issued.
 */
@NullMarked
package io.github.evertoken.test;

import org.jspecify.annotations.NullMarked;
